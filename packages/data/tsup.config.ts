import { defineConfig } from 'tsup';
import base from '../../tsup.base.ts';

// Which build of the CSV parser is taken is decided where the package is used, by its `imports`.
export default defineConfig({ ...base, entry: { index: "src/index.ts", parquet: "src/parquet/index.ts" }, external: [/^#/] });
