/**
 * What is enforced, in the order of the rulebook.
 */
import noAwaitJobResult from './no-await-job-result.ts';
import noEntityPayload from './no-entity-payload.ts';
import noFilesystemPersistence from './no-filesystem-persistence.ts';
import noFloatingEnqueue from './no-floating-enqueue.ts';
import noFloatingPromiseInProcessor from './no-floating-promise-in-processor.ts';
import noModuleState from './no-module-state.ts';
import noPromiseRaceTimeout from './no-promise-race-timeout.ts';
import noThrowingListener from './no-throwing-listener.ts';
import noUnsafeSerializer from './no-unsafe-serializer.ts';
import noUnserializablePayload from './no-unserializable-payload.ts';
import requireRetryPolicy from './require-retry-policy.ts';

export const rules = {
  'no-await-job-result': noAwaitJobResult,
  'no-module-state': noModuleState,
  'no-filesystem-persistence': noFilesystemPersistence,
  'no-unserializable-payload': noUnserializablePayload,
  'no-unsafe-serializer': noUnsafeSerializer,
  'no-entity-payload': noEntityPayload,
  'require-retry-policy': requireRetryPolicy,
  'no-floating-enqueue': noFloatingEnqueue,
  'no-floating-promise-in-processor': noFloatingPromiseInProcessor,
  'no-promise-race-timeout': noPromiseRaceTimeout,
  'no-throwing-listener': noThrowingListener,
};
