// util.time. The functions that take a Java DateTimeFormatter pattern are not provided: our API speaks ISO 8601.
import { NotProvided, provided } from './provided.mjs';

function parse(timestamp) {
  const milliseconds = Date.parse(timestamp);
  if (Number.isNaN(milliseconds)) throw new TypeError(`'${timestamp}' is not an ISO 8601 timestamp`);
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(timestamp)) throw new NotProvided('util.time on a timestamp without an offset');
  return milliseconds;
}

export const time = provided('util.time', {
  nowISO8601: () => new Date().toISOString(),
  nowEpochSeconds: () => Math.floor(Date.now() / 1000),
  nowEpochMilliSeconds: () => Date.now(),
  parseISO8601ToEpochMilliSeconds: parse,
  epochMilliSecondsToSeconds: (milliseconds) => Math.floor(milliseconds / 1000),
  epochMilliSecondsToISO8601: (milliseconds) => new Date(milliseconds).toISOString(),
});
