/** Usage and environment errors; 1 means: not equal, or not comparable. */
export const CANNOT_RUN = 2;
