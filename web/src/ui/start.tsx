/** How every page starts: configuration and texts first, then what there is to show. */
import './base.css';
import { type ComponentChild, render } from 'preact';
import { type Ways, connect } from '../platform/api';
import { type Config, readConfig } from '../platform/config';
import { readMessages } from '../platform/messages';

export async function start(show: (config: Config) => ComponentChild, ways: Ways = {}): Promise<void> {
  const page = document.getElementById('page') as HTMLElement;
  try {
    const [config] = await Promise.all([readConfig(), readMessages()]);
    connect(config, ways);
    render(show(config), page);
  } catch (problem) {
    // Without texts there is no language to say it in.
    page.textContent = `This page cannot start: ${problem instanceof Error ? problem.message : String(problem)}`;
  }
}
