// What the APPSYNC_JS runtime refuses is refused here first. From the repository's root:
//   npm --prefix infra run lint
//
// AWS's own rules come first. They know an object's methods by its type, and `ctx` has none in plain JavaScript, so
// the rules below refuse by name what AWS's rules would refuse by type, and what they leave to the deployment.
import appsync from '@aws-appsync/eslint-plugin';

// Globals of ECMAScript that APPSYNC_JS does not have.
const ABSENT = [
  'AggregateError', 'ArrayBuffer', 'BigInt', 'Error', 'EvalError', 'FinalizationRegistry', 'Function', 'Intl', 'Map',
  'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'Symbol', 'SyntaxError', 'TypeError',
  'URIError', 'Uint8Array', 'WeakMap', 'WeakRef', 'WeakSet', 'escape', 'eval', 'globalThis', 'unescape',
];

// Methods of strings, arrays and dates that it does not have. Those that another object has too (`keys`, `values`,
// `entries`, `toString`) are left to AWS's rule, which goes by type.
const METHODS = [
  'apply', 'bind', 'call', 'charCodeAt', 'copyWithin', 'localeCompare', 'matchAll', 'padEnd', 'padStart', 'repeat',
  'search', 'toLocaleDateString', 'toLocaleLowerCase', 'toLocaleString', 'toLocaleTimeString', 'toLocaleUpperCase',
];

const refuse = (selector, message) => ({ selector, message });

export default [
  // A comment may not switch a rule off: the runtime would not listen.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  // `recommended` is `base` and the rules that go by type, which is what tsconfig.json is for.
  { files: ['**/*.js'], ...appsync.configs.base },
  { files: ['**/*.js'], ...appsync.configs.recommended },
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: { console: 'readonly', ...Object.fromEntries(ABSENT.map((name) => [name, 'off'])) },
      // No `lib`: the globals are those above, not TypeScript's.
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname, lib: [] },
    },
    rules: {
      'no-undef': 'error',
      'no-unused-vars': ['error', { args: 'none' }],
      'prefer-const': 'error',
      eqeqeq: ['error', 'always'],
      'no-restricted-syntax': [
        'error',
        refuse('ThrowStatement', 'throw is not supported: call util.error.'),
        refuse('NewExpression', 'There is nothing to construct: use util and literals.'),
        refuse('ExportDefaultDeclaration', 'A resolver exports request and response by name.'),
        refuse('ImportExpression', 'Modules are imported at the top of the file.'),
        refuse(
          'CallExpression[callee.object.name=/^(Array|String)$/][callee.property.name!="isArray"]',
          'APPSYNC_JS has no such function.',
        ),
        refuse('TaggedTemplateExpression', 'Tagged templates are not supported.'),
        refuse('MemberExpression[computed=false][property.name="prototype"]', 'Prototypes are not supported.'),
        refuse(`CallExpression[callee.property.name=/^(${METHODS.join('|')})$/]`, 'APPSYNC_JS has no such method.'),
        refuse(
          'ImportDeclaration[source.value=/^(?!\\.\\.?\\x2F|@aws-appsync\\x2Futils$)/]',
          'A resolver imports @aws-appsync/utils and modules of this repository, nothing else.',
        ),
      ],
    },
  },
];
