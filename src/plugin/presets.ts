/**
 * The presets, computed from what each rule says of itself.
 */
import { rules } from '../../rules/index.ts';
import type { Preset } from './create-rule.ts';

const ORDER: readonly Preset[] = ['hard-stops', 'recommended', 'strict'];

/** The rules that a preset turns on, with their options; each preset has those of the ones before it. */
export function rulesOf(preset: Preset): Record<string, 'error' | ['error', object]> {
  const enabled: Record<string, 'error' | ['error', object]> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const { docs } = rule.meta;
    if (ORDER.indexOf(docs.preset) > ORDER.indexOf(preset)) continue;
    enabled[`async-tasks/${name}`] =
      preset === 'strict' && docs.strictOptions ? ['error', docs.strictOptions] : 'error';
  }
  return enabled;
}

export const presetNames = ORDER;
