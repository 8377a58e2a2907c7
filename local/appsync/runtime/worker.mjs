// Evaluates APPSYNC_JS resolver code for the gateway: one JSON message a line in, one out.
//
//   in   {id, hash, code?, function, context, authType}
//   out  {id, missing: true}                              send the code, this worker has not seen the hash
//        {id, value, stash, appended, logs, effects, early?}  the handler returned (early: by runtime.earlyReturn)
//        {id, error: {kind, …}, appended, logs}           it did not; kinds are listed at `describe`
//
// Code runs in a context of its own that holds what the APPSYNC_JS runtime holds and nothing of Node's. Code that
// loops is for the gateway to end, with this process: Node's own time limit starts a thread for every call, which
// costs more than the call.
import { createInterface } from 'node:readline';
import vm from 'node:vm';

import { NotProvided } from './provided.mjs';
import { EarlyReturn, ResolverError, Unauthorized, runtime, extensions, session, util } from './utils.mjs';

// The globals AWS documents ("JavaScript runtime features for resolvers and functions"). Everything else a fresh
// context holds (Promise, RegExp, Map, Proxy, eval …) is removed, so that using it is a ReferenceError here too.
const GLOBALS = new Set([
  'Array', 'Boolean', 'Date', 'Infinity', 'JSON', 'Math', 'NaN', 'Number', 'Object', 'String', 'console',
  'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'isFinite', 'isNaN', 'parseFloat',
  'parseInt', 'undefined',
]);

const modules = new Map();

function newContext() {
  const context = vm.createContext({});
  const global = vm.runInContext('globalThis', context);
  for (const name of Object.getOwnPropertyNames(global)) {
    if (!GLOBALS.has(name)) delete global[name];
  }
  const log = (...values) => session.logs.push(values.map(printable).join(' '));
  context.console = { log, error: log };
  return context;
}

function printable(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? String(value);
}

async function load(code) {
  const context = newContext();
  const module = new vm.SourceTextModule(code, { context, identifier: 'resolver' });
  await module.link((specifier) => {
    if (specifier !== '@aws-appsync/utils') throw new NotProvided(`the module '${specifier}'`);
    const exported = { util, runtime, extensions };
    return new vm.SyntheticModule(Object.keys(exported), function () {
      Object.entries(exported).forEach(([name, value]) => this.setExport(name, value));
    }, { context });
  });
  await module.evaluate();
  return module.namespace;
}

// JSON.stringify(ctx.info) leaves these two out on AWS, so they are not enumerable.
function hideSelection(info) {
  for (const name of ['selectionSetList', 'selectionSetGraphQL']) {
    if (info && name in info) Object.defineProperty(info, name, { enumerable: false });
  }
}

function call(handlers, name, context) {
  const handler = handlers[name];
  if (typeof handler !== 'function') throw new NotProvided(`resolver code without an exported function '${name}'`);
  context.args = context.arguments;
  context.stash ??= {};
  hideSelection(context.info);
  return handler(context);
}

// What was thrown, as one of: error (util.error), unauthorized, unprovided (the stand-in lacks it), syntax, runtime
// (anything else: AWS answers `Runtime Error` and logs the rest).
function describe(thrown) {
  if (thrown instanceof ResolverError) {
    const { message, errorType, data, errorInfo } = thrown;
    return { kind: 'error', message, errorType, data, errorInfo };
  }
  if (thrown instanceof Unauthorized) return { kind: 'unauthorized', message: 'Unauthorized' };
  if (thrown instanceof NotProvided) return { kind: 'unprovided', message: thrown.message };
  const name = thrown?.name ?? 'Error';
  const at = /resolver:(\d+)(?::(\d+))?/.exec(thrown?.stack ?? '');
  const where = at ? ` at line ${at[1]}` : '';
  return { kind: name === 'SyntaxError' ? 'syntax' : 'runtime', message: `${name}: ${thrown?.message ?? thrown}${where}` };
}

async function answer({ id, hash, code, function: name, context, authType }) {
  session.start(authType);
  let handlers = modules.get(hash);
  if (!handlers && code === undefined) return { id, missing: true };
  try {
    if (!handlers) modules.set(hash, (handlers = await load(code)));
    if (name === null) return { id, value: Object.keys(handlers), logs: session.logs };
    const value = call(handlers, name, context);
    const { appended, logs, effects } = session;
    return { id, value: value ?? null, stash: context.stash, appended, logs, effects };
  } catch (thrown) {
    const told = { appended: session.appended, logs: session.logs, stash: context?.stash };
    if (thrown instanceof EarlyReturn) return { id, value: thrown.value ?? null, early: true, ...told };
    return { id, error: describe(thrown), ...told };
  }
}

function serialize(reply) {
  try {
    return JSON.stringify(reply);
  } catch (thrown) { // a circular value, or a BigInt
    return JSON.stringify({ id: reply.id, error: describe(thrown), appended: [], logs: reply.logs });
  }
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${serialize(await answer(JSON.parse(line)))}\n`);
}
