/**
 * The one table of where remedyctl does something else than the reference's executor. Each exception names its section
 * of docs/executor-semantics.md, selects its cases by what is in them, and says what remedyctl does instead; the whole
 * of what it does instead is `ruledRun`.
 */
import { answers } from './executor-exceptions/answers.ts';
import type { ExecutorException, Facts } from './executor-exceptions/exception.ts';
import { order } from './executor-exceptions/order.ts';
import { refusals } from './executor-exceptions/refusals.ts';
import { wire } from './executor-exceptions/wire.ts';

export const executorExceptions: readonly ExecutorException[] = [...refusals, ...wire, ...order, ...answers];

/** None: the case is as the reference has it. Where it is refused, by either, nothing else matters. */
export function exceptionsOf(facts: Facts): readonly ExecutorException[] {
  if (facts.reference.refused) return [];
  const concerned = executorExceptions.filter((one) => one.concerns(facts));
  const refusing = concerned.filter(({ refuses }) => refuses === true);
  return refusing.length > 0 ? refusing : concerned;
}
