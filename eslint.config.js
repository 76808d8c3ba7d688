import { dirname, posix, relative, sep } from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import tseslint from 'typescript-eslint';
import { importProblem } from './test/support/layers.js';

const root = import.meta.dirname;

/** @param {string} file */
const inRepository = (file) => relative(root, file).split(sep).join('/');

/**
 * `no-restricted-imports` compares specifiers, and `../jobs/` means something else in each folder. Resolving them
 * first makes this exact, and leaves one list of directions for the linter and the architecture test.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
const layerDirection = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = inRepository(context.filename);
    return {
      // The place of the specifier in every form of import and export.
      'Literal.source'(/** @type {import('eslint').Rule.Node} */ node) {
        if (node.type !== 'Literal' || typeof node.value !== 'string' || !node.value.startsWith('.')) return;
        const message = importProblem(file, posix.join(dirname(file), node.value));
        if (message) context.report({ node, message });
      },
    };
  },
};

export default defineConfig([
  // fixtures/ holds code that the plugin is run on, not code of the plugin; files directly in it are tooling.
  globalIgnores(['build/', 'dist/', 'dist-worker/', 'coverage/', 'fixtures/*/']),
  {
    files: ['**/*.{js,ts}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // It asks for the `!` that no-non-null-assertion forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // The names of syntax nodes are an enum only in the types; importing it for comparisons would load TypeScript.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**', 'rules/**'],
    plugins: { local: { rules: { 'layer-direction': layerDirection } } },
    rules: {
      'local/layer-direction': 'error',
      'no-restricted-imports': [
        'error',
        {
          // Loading either would load TypeScript into every lint run, and break where version 7 or none is installed.
          paths: ['typescript', '@typescript-eslint/utils', '@typescript-eslint/typescript-estree'].map(
            (name) => ({
              name,
              allowTypeImports: true,
              message: 'Only its types: the plugin must load without the typescript package.',
            }),
          ),
        },
      ],
    },
  },
  {
    files: ['rules/**/*.ts', 'src/plugin/**/*.ts'],
    extends: [eslintPlugin.configs.all],
    rules: {
      // createRule fills these in, the same for every rule.
      'eslint-plugin/require-meta-docs-url': 'off',
      'eslint-plugin/require-meta-languages': 'off',
      // The preset that a rule names says more.
      'eslint-plugin/require-meta-docs-recommended': 'off',
      'eslint-plugin/require-meta-docs-description': ['error', { pattern: '^(?:Enforce|Require|Disallow) ' }],
      // Messages first: whoever opens a rule wants to know what it says.
      'eslint-plugin/meta-property-ordering': [
        'error',
        ['type', 'docs', 'hasSuggestions', 'fixable', 'messages', 'schema', 'defaultOptions'],
      ],
    },
  },
]);
