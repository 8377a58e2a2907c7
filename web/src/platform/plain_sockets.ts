/**
 * Lets subscriptions reach an API that is served over plain HTTP, as one on this machine is.
 *
 * Amplify turns the API's address into one with `wss:` whatever it was and has no setting for it. Only addresses of
 * this one host are changed, and only where its API is not on TLS: a deployed page never comes here.
 */
export function allowPlainSockets(apiUrl: string): void {
  const { host } = new URL(apiUrl);
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(address: string | URL, protocols?: string | string[]) {
      const url = new URL(address);
      if (url.host === host && url.protocol === 'wss:') {
        url.protocol = 'ws:';
      }
      super(url, protocols);
    }
  };
}
