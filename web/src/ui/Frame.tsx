/** The bar on top of every page. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { LANGUAGES, type Language, chooseLanguage, currentLanguage, say } from '../platform/messages';
import { type User, leave } from '../platform/session';

interface Props {
  title: string;
  user?: User;
  /** Whether changes come by themselves; while they do not, the page asks every few seconds. */
  live?: boolean;
  wide?: boolean;
  children: ComponentChildren;
}

export function Frame({ title, user, live, wide, children }: Props) {
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div class={wide ? 'frame frame-wide' : 'frame'}>
      <header class="bar">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <h1>{title}</h1>
        {live !== undefined && (
          <span class={live ? 'live live-on' : 'live'} role="status">{live ? say('frame.live') : say('frame.asking')}</span>
        )}
        <LanguageChoice />
        {user && (
          <button type="button" class="quiet" onClick={() => void leave()} title={user.name}>{say('frame.leave')}</button>
        )}
      </header>
      <main>{children}</main>
    </div>
  );
}

function LanguageChoice() {
  return (
    <select
      class="language" aria-label={say('frame.language')} value={currentLanguage()}
      onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([id, name]) => <option key={id} value={id}>{name}</option>)}
    </select>
  );
}
