/** What is asked of the platform cannot be told, because of the state that it is in. */
export class Obstacle extends Error {
  constructor(
    message: string,
    /** What to do about it. */
    readonly fix: string,
  ) {
    super(message);
  }
}
