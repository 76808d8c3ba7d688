/**
 * What is enforced, in the order of the rulebook.
 */
import noAwaitJobResult from './no-await-job-result.ts';
import noEntityPayload from './no-entity-payload.ts';
import noFilesystemPersistence from './no-filesystem-persistence.ts';
import noMisplacedOptions from './no-misplaced-options.ts';
import noModuleState from './no-module-state.ts';
import noUnsafeSerializer from './no-unsafe-serializer.ts';
import noUnserializablePayload from './no-unserializable-payload.ts';
import requireRetryPolicy from './require-retry-policy.ts';
import validConnectionOptions from './valid-connection-options.ts';
import validWorkerTiming from './valid-worker-timing.ts';

export const rules = {
  'no-await-job-result': noAwaitJobResult,
  'no-module-state': noModuleState,
  'no-filesystem-persistence': noFilesystemPersistence,
  'no-unserializable-payload': noUnserializablePayload,
  'no-unsafe-serializer': noUnsafeSerializer,
  'no-entity-payload': noEntityPayload,
  'require-retry-policy': requireRetryPolicy,
  'valid-worker-timing': validWorkerTiming,
  'no-misplaced-options': noMisplacedOptions,
  'valid-connection-options': validConnectionOptions,
};
