/** Proof of a hand-over: the customer's PIN, or a photo of where it was left. */
import { useState } from 'preact/hooks';
import { say } from '../platform/messages';
import type { Take } from './use_actions';

export function HandOver({ deliveryId, take }: { deliveryId: string; take: Take }) {
  const [pin, setPin] = useState('');
  const [problem, setProblem] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void take('DELIVER', { deliveryId, proof: { kind: 'PIN', pin } });
    setPin('');
  };
  const photograph = async (event: Event) => {
    const [photo] = (event.currentTarget as HTMLInputElement).files ?? [];
    if (!photo) {
      return;
    }
    try {
      const { shrink } = await import('./proof_photo');
      await take('DELIVER', { deliveryId }, await shrink(photo));
    } catch {
      setProblem(say('proof.noPhoto'));
    }
  };
  return (
    <form class="proof" onSubmit={submit}>
      <label>{say('proof.pin')}
        <input
          class="digits" inputMode="numeric" pattern="[0-9]{4}" maxLength={4} autocomplete="off" required value={pin}
          onInput={(event) => setPin(event.currentTarget.value)}
        />
      </label>
      <button class="main big" disabled={pin.length !== 4}>{say('proof.handOver')}</button>
      <label class="button">{say('proof.photo')}
        <input class="visually-hidden" type="file" accept="image/*" capture="environment" onChange={(event) => void photograph(event)} />
      </label>
      {problem && <p class="problem" role="alert">{problem}</p>}
    </form>
  );
}
