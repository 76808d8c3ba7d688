/**
 * The plugin as a linter loads it. Importing it loads neither a parser nor TypeScript.
 */
import plugin from './plugin.ts';

// By the second name `require()` gives the plugin itself. TypeScript reads it from 5.6 on; for older versions the
// package's `exports` name the types of `plugin.ts`.
export { plugin as default, plugin as 'module.exports' };
