/**
 * What a format of `check` is: from findings to text.
 */
import type { WayStep } from '../../plugin/reports.ts';

export interface Finding {
  /** Absolute path. */
  file: string;
  /** Below the folder that the report is for, with forward slashes. */
  path: string;
  /** With the plugin's prefix; `undefined` for a file that cannot be parsed. */
  rule: string | undefined;
  severity: 'error' | 'warning';
  message: string;
  /** One-based, all of them; the end is after the last character. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** The functions from the handler or processor to the effect, and the effect; empty where it is not known. */
  way: readonly WayStep[];
  /** The same for the same finding in later versions of the file, different for all findings of a run. */
  fingerprint: string;
}

export interface Report {
  findings: readonly Finding[];
  /** Absolute path of the folder that paths are relative to. */
  root: string;
  /** Sources that were looked at. */
  sources: number;
  /** Sources that concern jobs. */
  checked: number;
  /** Of the package. */
  version: string;
}

export type Format = (report: Report) => string;
