/** One figure, and what it must not be above. */
export interface Measured {
  readonly what: string
  readonly value: number
  readonly bar: number
  readonly unit: string
}
