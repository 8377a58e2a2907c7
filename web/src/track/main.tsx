import { start } from '../ui/start';
import { TrackPage } from './TrackPage';

void start((config) => <TrackPage config={config} token={location.hash.slice(1)} />, { open: true });
