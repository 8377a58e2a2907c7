/** How the customer wants to be told, besides this page. */
import { useEffect, useState } from 'preact/hooks';
import type { Contact } from '../api/types';
import { Refused, ask } from '../platform/api';
import { currentLanguage, say, sayValue } from '../platform/messages';
import { MY_CONTACT, OPT_OUT, SET_MY_CONTACT, SET_MY_PREFERENCES } from './operations';

export function AlertChoice() {
  const [contact, setContact] = useState<Contact | null | undefined>();
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState('');
  const act = async (work: () => Promise<Contact | null>, done = '') => {
    setProblem('');
    setSaid('');
    try {
      setContact(await work());
      setSaid(done);
    } catch (error) {
      setProblem(error instanceof Refused && error.kind === 'Invalid' ? error.message : sayValue('refusal', 'NoAnswer'));
    }
  };
  useEffect(() => void act(() => ask<Contact | null>(MY_CONTACT)), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const phone = String(new FormData(event.currentTarget as HTMLFormElement).get('phone')).replaceAll(' ', '');
    void act(() => ask<Contact>(SET_MY_CONTACT, { phone, locale: currentLanguage() }), say('alerts.saved'));
  };
  const turn = (channel: 'sms' | 'push', on: boolean) =>
    void act(() => ask<Contact>(SET_MY_PREFERENCES, { channels: { [channel]: on } }), say('alerts.saved'));
  if (contact === undefined && !problem) {
    return <p class="empty" role="status">{say('loading')}</p>;
  }
  return (
    <>
      <a class="back" href="#">{say('customer.back')}</a>
      <form class="card" onSubmit={submit}>
        <h2>{say('customer.alerts')}</h2>
        <label>{say('alerts.phone')}
          <input name="phone" type="tel" autocomplete="tel" required pattern="\+[0-9 ]{8,20}" placeholder="+1 202 555 0100" defaultValue={contact?.phone ?? ''} />
        </label>
        <button class="main">{say('alerts.save')}</button>
        {contact && (
          <fieldset>
            <legend>{say('alerts.by')}</legend>
            {(['sms', 'push'] as const).map((channel) => (
              <label key={channel} class="switch">
                <input
                  type="checkbox" checked={contact[channel] && !contact.optedOut.includes(channel === 'sms' ? 'SMS' : 'PUSH')}
                  onChange={(event) => turn(channel, event.currentTarget.checked)}
                />
                {say(`alerts.${channel}`)}
              </label>
            ))}
            <button type="button" class="quiet" onClick={() => void act(() => ask<Contact>(OPT_OUT, { channels: ['SMS', 'PUSH'] }), say('alerts.saved'))}>
              {say('alerts.none')}
            </button>
          </fieldset>
        )}
        <p role="status" class="hint">{said}</p>
        {problem && <p class="problem" role="alert">{problem}</p>}
      </form>
    </>
  );
}
