import { describe, expect, it } from 'vitest';
import { ExportedNames } from '../../src/analysis/modules/exported-names.ts';

const can = (text: string, name: string): boolean => new ExportedNames(text).canHave(name);

describe('the names that a file can export', () => {
  it.each([
    ['export const mailQueue = 1', 'mailQueue'],
    ['export let a = 1, b = 2', 'b'],
    ['export var a,\n  b\n', 'b'],
    ['export const a = [1, 2], b: number = 2;', 'b'],
    ['export const a = 1, // the first\n  b = 2', 'b'],
    ['export const a = 1, /* the second */ b /* of two */ = 2', 'b'],
    ['export function send() {}', 'send'],
    ['export async function send() {}', 'send'],
    ['export function* send() {}', 'send'],
    ['export function *send() {}', 'send'],
    ['export abstract class Base {}', 'Base'],
    ['export declare const given: string', 'given'],
    ['export const enum Names { A }', 'Names'],
    ['export enum Names { A }', 'Names'],
    ['export interface Shape {}', 'Shape'],
    ['export type Shape = {}', 'Shape'],
    ['export namespace Jobs {}', 'Jobs'],
    ['const a = 1;\nexport { a }', 'a'],
    ['const a = 1;\nexport { a as b }', 'b'],
    ["export { a } from './a'", 'a'],
    ["export type { A } from './a'", 'A'],
    ["export * as all from './a'", 'all'],
    ['export const { a, b } = make()', 'b'],
    ['export const [a] = make()', 'a'],
    ['export default function main() {}', 'default'],
    ['export default class {}', 'default'],
    ['export default 1', 'default'],
    ['const a = 1; export = a', 'a'],
    ["import x = require('x');\nexport import y = x.y", 'y'],
    ['exports.send = () => {}', 'send'],
    ['module.exports = { send }', 'send'],
    ['export /* said later */ const late = 1', 'late'],
    ['export @dec class Late {}', 'Late'],
    ['export const größe = 1', 'größe'],
    ['export const $q = 1', '$q'],
  ])('%j exports %j', (text, name) => {
    expect(can(text, name)).toBe(true);
  });

  it.each([
    ["import { users } from './users';\nexport const orders = relations(users, ({ many }) => ({}))", 'users'],
    ['export const a = b;', 'b'],
    ['const hidden = 1;\nexport function shown() { return hidden; }', 'hidden'],
    ['export class Mails { send() {} }', 'send'],
    ['export default function main() {}', 'main'],
    ['const a = 1;', 'a'],
  ])('%j does not export %j', (text, name) => {
    expect(can(text, name)).toBe(false);
  });

  it('two texts are equal when they export the same names', () => {
    const equal = (a: string, b: string): boolean => new ExportedNames(a).equals(new ExportedNames(b));
    expect(equal('export const a = 1', 'export const a = 2')).toBe(true);
    expect(equal('export const a = 1', 'export const b = 1')).toBe(false);
    expect(equal('export const a = 1', 'export const a = 1;\nexport const b = 1')).toBe(false);
    expect(equal('export const a = 1', 'const a = 1;\nexport { a }')).toBe(false);
  });
});
