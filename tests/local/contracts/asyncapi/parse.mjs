// Prints what AsyncAPI's own parser makes of the document named first: its messages and operations, and every complaint.
import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
console.log(
  JSON.stringify({
    version: document?.version(),
    messages: document?.allMessages().all().map((message) => message.id()) ?? [],
    operations: document?.operations().all().map((operation) => operation.id()) ?? [],
    complaints: diagnostics
      .filter(({ code }) => code !== 'asyncapi-latest-version')
      .map(({ path, message }) => `${path.join('.')}: ${message}`),
  }),
);
