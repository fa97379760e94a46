/** What was drawn so far of a plot, from above. */
export interface Part {
  readonly svg: readonly string[];
  /** Where the next part begins. */
  readonly bottom: number;
}
