/**
 * What is enforced, in the order of the rulebook.
 */
import noAttemptsOffByOne from './no-attempts-off-by-one.ts';
import noAwaitJobResult from './no-await-job-result.ts';
import noBlockingProcessor from './no-blocking-processor.ts';
import noConnectionPerCall from './no-connection-per-call.ts';
import noEnqueueInTransaction from './no-enqueue-in-transaction.ts';
import noEntityPayload from './no-entity-payload.ts';
import noFanOutWithoutJobId from './no-fan-out-without-job-id.ts';
import noFilesystemPersistence from './no-filesystem-persistence.ts';
import noFloatingEnqueue from './no-floating-enqueue.ts';
import noFloatingPromiseInProcessor from './no-floating-promise-in-processor.ts';
import noJobDataMutation from './no-job-data-mutation.ts';
import noJobNameFilter from './no-job-name-filter.ts';
import noLocalPathPayload from './no-local-path-payload.ts';
import noLostDeduplication from './no-lost-deduplication.ts';
import noManualFinish from './no-manual-finish.ts';
import noMisplacedOptions from './no-misplaced-options.ts';
import noModuleState from './no-module-state.ts';
import noOrphanQueue from './no-orphan-queue.ts';
import noPromiseRaceTimeout from './no-promise-race-timeout.ts';
import noRandomJobId from './no-random-job-id.ts';
import noRemovedApi from './no-removed-api.ts';
import noRetryOnMissingRecord from './no-retry-on-missing-record.ts';
import noSecretPayload from './no-secret-payload.ts';
import noSideEffectInQueueEvents from './no-side-effect-in-queue-events.ts';
import noStickyJobId from './no-sticky-job-id.ts';
import noStoredResult from './no-stored-result.ts';
import noSwallowedFailure from './no-swallowed-failure.ts';
import noTerminalActionPerAttempt from './no-terminal-action-per-attempt.ts';
import noThrowNonError from './no-throw-non-error.ts';
import noThrowingListener from './no-throwing-listener.ts';
import noUnsafeSerializer from './no-unsafe-serializer.ts';
import noUnserializablePayload from './no-unserializable-payload.ts';
import preferBulkEnqueue from './prefer-bulk-enqueue.ts';
import requireAtomicWrites from './require-atomic-writes.ts';
import requireFlowOptions from './require-flow-options.ts';
import requireGracefulShutdown from './require-graceful-shutdown.ts';
import requireIdempotencyGuard from './require-idempotency-guard.ts';
import requireJobRetention from './require-job-retention.ts';
import requireLifecycleListeners from './require-lifecycle-listeners.ts';
import requireRetryPolicy from './require-retry-policy.ts';
import requireSignalArity from './require-signal-arity.ts';
import requireThrowAfterMove from './require-throw-after-move.ts';
import requireTimeLimit from './require-time-limit.ts';
import validBackoff from './valid-backoff.ts';
import validConnectionOptions from './valid-connection-options.ts';
import validJobId from './valid-job-id.ts';
import validSchedulerOptions from './valid-scheduler-options.ts';
import validTimeUnits from './valid-time-units.ts';
import validWorkerTiming from './valid-worker-timing.ts';

export const rules = {
  'no-await-job-result': noAwaitJobResult,
  'no-module-state': noModuleState,
  'no-filesystem-persistence': noFilesystemPersistence,
  'no-unserializable-payload': noUnserializablePayload,
  'no-unsafe-serializer': noUnsafeSerializer,
  'no-entity-payload': noEntityPayload,
  'require-retry-policy': requireRetryPolicy,
  'no-enqueue-in-transaction': noEnqueueInTransaction,
  'no-retry-on-missing-record': noRetryOnMissingRecord,
  'no-floating-enqueue': noFloatingEnqueue,
  'no-swallowed-failure': noSwallowedFailure,
  'valid-job-id': validJobId,
  'no-random-job-id': noRandomJobId,
  'require-job-retention': requireJobRetention,
  'no-removed-api': noRemovedApi,
  'no-connection-per-call': noConnectionPerCall,
  'no-blocking-processor': noBlockingProcessor,
  'valid-worker-timing': validWorkerTiming,
  'no-misplaced-options': noMisplacedOptions,
  'no-secret-payload': noSecretPayload,
  'no-local-path-payload': noLocalPathPayload,
  'require-idempotency-guard': requireIdempotencyGuard,
  'require-atomic-writes': requireAtomicWrites,
  'require-time-limit': requireTimeLimit,
  'require-lifecycle-listeners': requireLifecycleListeners,
  'no-stored-result': noStoredResult,
  'require-graceful-shutdown': requireGracefulShutdown,
  'prefer-bulk-enqueue': preferBulkEnqueue,
  'no-fan-out-without-job-id': noFanOutWithoutJobId,
  'no-orphan-queue': noOrphanQueue,
  'no-job-name-filter': noJobNameFilter,
  'no-floating-promise-in-processor': noFloatingPromiseInProcessor,
  'valid-backoff': validBackoff,
  'valid-time-units': validTimeUnits,
  'no-lost-deduplication': noLostDeduplication,
  'no-throw-non-error': noThrowNonError,
  'no-job-data-mutation': noJobDataMutation,
  'no-attempts-off-by-one': noAttemptsOffByOne,
  'no-promise-race-timeout': noPromiseRaceTimeout,
  'no-throwing-listener': noThrowingListener,
  'valid-connection-options': validConnectionOptions,
  'no-sticky-job-id': noStickyJobId,
  'require-flow-options': requireFlowOptions,
  'require-throw-after-move': requireThrowAfterMove,
  'require-signal-arity': requireSignalArity,
  'valid-scheduler-options': validSchedulerOptions,
  'no-manual-finish': noManualFinish,
  'no-terminal-action-per-attempt': noTerminalActionPerAttempt,
  'no-side-effect-in-queue-events': noSideEffectInQueueEvents,
};
