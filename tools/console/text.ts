/** Pure: numbers as a person reads them; for the service and its page. */

export function numberText(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Of bytes. */
export function sizeText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${numberText(bytes / 1000 ** power)} ${units[power]}`;
}

export function counted(number: number, unit: string): string {
  return `${number.toLocaleString("en-US")} ${unit}${number === 1 ? "" : "s"}`;
}
