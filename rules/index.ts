/**
 * What is enforced, in the order of the rulebook.
 */
import noAwaitJobResult from './no-await-job-result.ts';
import noEntityPayload from './no-entity-payload.ts';
import noFilesystemPersistence from './no-filesystem-persistence.ts';
import noLostDeduplication from './no-lost-deduplication.ts';
import noModuleState from './no-module-state.ts';
import noStickyJobId from './no-sticky-job-id.ts';
import noUnsafeSerializer from './no-unsafe-serializer.ts';
import noUnserializablePayload from './no-unserializable-payload.ts';
import requireJobRetention from './require-job-retention.ts';
import requireRetryPolicy from './require-retry-policy.ts';

export const rules = {
  'no-await-job-result': noAwaitJobResult,
  'no-module-state': noModuleState,
  'no-filesystem-persistence': noFilesystemPersistence,
  'no-unserializable-payload': noUnserializablePayload,
  'no-unsafe-serializer': noUnsafeSerializer,
  'no-entity-payload': noEntityPayload,
  'require-retry-policy': requireRetryPolicy,
  'require-job-retention': requireJobRetention,
  'no-lost-deduplication': noLostDeduplication,
  'no-sticky-job-id': noStickyJobId,
};
