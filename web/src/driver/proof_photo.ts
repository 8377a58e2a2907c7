/** Puts the photo of a hand-over into the store of proofs, with credentials that reach this driver's own folder only. */
import { fetchAuthSession } from 'aws-amplify/auth';
import { AwsClient } from 'aws4fetch';
import { Refused } from '../platform/api';
import type { Config } from '../platform/config';

const LONGEST_SIDE = 1280; // pixels
const QUALITY = 0.8;

/** The photo made small. Drawing it anew also leaves behind where and with what it was taken. */
export async function shrink(photo: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(photo);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

/** Returns the photo's key. Putting the same one again changes nothing. Raises Refused. */
export async function keepPhoto({ api, proofs }: Config, deliveryId: string, photo: Blob): Promise<string> {
  const { credentials, identityId } = await fetchAuthSession();
  if (!credentials || !identityId) {
    throw new Refused('NoAnswer', 'no credentials for the store of proofs');
  }
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const aws = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: api.region, ...(sessionToken ? { sessionToken } : {}) });
  const key = `proofs/${identityId}/${deliveryId}.jpg`;
  const host = proofs.endpoint ? `${proofs.endpoint}/${proofs.bucket}` : `https://${proofs.bucket}.s3.${api.region}.amazonaws.com`;
  const path = key.split('/').map(encodeURIComponent).join('/');
  const answer = await aws.fetch(`${host}/${path}`, { method: 'PUT', body: photo, headers: { 'content-type': 'image/jpeg' } });
  if (!answer.ok) {
    throw new Refused(answer.status >= 500 ? 'NoAnswer' : 'Photo', `the store of proofs answers ${answer.status}`);
  }
  return key;
}
