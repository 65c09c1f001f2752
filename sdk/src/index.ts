export {
  type AttemptedCall,
  type AuditedFetchOptions,
  AuditFailure,
  auditedFetch,
  type CallAttributes,
  type PlannedCall,
  type PolicyDecision,
  PolicyDenied,
} from "./audited-fetch.ts";
export { Affidavit, type AffidavitOptions, type RecordOptions } from "./client.ts";
export { CsvError, type CsvOptions, CsvReader, type CsvRow, decodeCsv, decodeCsvStream } from "./csv.ts";
export { AffidavitError, type AffidavitErrorCode, type AffidavitErrorOptions, type Problem } from "./error.ts";
export type {
  AccessedObject,
  AccessedTag,
  AppliedPolicy,
  CallEvent,
  CallFields,
  CustomEvent,
  CustomFields,
  DataSourceType,
  Event,
  ExecutionStatus,
  Outcome,
  PrincipalType,
  QueryEvent,
  QueryFields,
  Receipt,
  Row,
  SystemEvent,
} from "./event.ts";
export { type EmitterGap, findGaps } from "./gaps.ts";
export { type CallResult, outcomeOf } from "./outcome.ts";
export type { Filters, SearchOptions, SearchPage, TailOptions, TailPage } from "./reading.ts";
export type { SpoolOptions, SpoolReport } from "./spooling.ts";
