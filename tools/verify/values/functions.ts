/** Functions for DuckDB's SQL that print values as PostgreSQL does. NULL stays NULL. */
import {
  type DuckDBConnection,
  type DuckDBListValue,
  DuckDBScalarFunction,
  type DuckDBType,
  INTEGER,
  LIST,
  VARCHAR,
} from "@duckdb/node-api";
import {
  dateFromDays,
  decimalFromBytes,
  decimalFromStruct,
  timeFrom,
  timestampFrom,
  timestamptzFromIso,
  timetzFromIso,
} from "./debezium-text";
import { arrayText, floatText, withScale } from "./postgresql-text";

type Argument = string | number | DuckDBListValue | null;

const FUNCTIONS: Readonly<Record<string, [DuckDBType[], (value: never, parameter: number) => string]>> = {
  pg_float: [[VARCHAR, INTEGER], floatText],
  pg_with_scale: [[VARCHAR, INTEGER], withScale],
  pg_array: [[LIST(VARCHAR)], ({ items }: DuckDBListValue) => arrayText(items as (string | null)[])],
  debezium_date: [[VARCHAR], dateFromDays],
  // The second argument of these two: microseconds of one unit.
  debezium_timestamp: [[VARCHAR, INTEGER], (text: string, unit) => timestampFrom(text, BigInt(unit))],
  debezium_time: [[VARCHAR, INTEGER], (text: string, unit) => timeFrom(text, BigInt(unit))],
  debezium_timestamptz: [[VARCHAR], timestamptzFromIso],
  debezium_timetz: [[VARCHAR], timetzFromIso],
  debezium_decimal: [[VARCHAR, INTEGER], decimalFromBytes],
  debezium_variable_decimal: [[VARCHAR], decimalFromStruct],
};

export function registerFunctions(connection: DuckDBConnection): void {
  for (const [name, [parameterTypes, print]] of Object.entries(FUNCTIONS)) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name,
        parameterTypes,
        returnType: VARCHAR,
        mainFunction: (_, input, output) => {
          const values = input.getColumnVector(0);
          const parameters = parameterTypes.length > 1 ? input.getColumnVector(1) : undefined;
          for (let row = 0; row < input.rowCount; row++) {
            const value = values.getItem(row) as Argument;
            const parameter = parameters?.getItem(row) as number;
            output.setItem(row, value === null ? null : print(value as never, parameter));
          }
          output.flush();
        },
      }),
    );
  }
}
