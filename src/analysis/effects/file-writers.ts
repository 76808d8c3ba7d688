/**
 * Calls that create or change the contents of a file, as data. Making, renaming and removing files is not
 * writing to them.
 */
export interface FileWriter {
  /** The path of the called function; `fs/promises:.x` is spelt `fs:.promises.x`. */
  callee: RegExp;
  /** Position of the path among the arguments. */
  argument: number;
  /** The property that holds the path, where the argument is an options object. */
  property?: string;
  /** Position of the flags that decide whether the file is opened for writing. */
  flags?: number;
}

const FS = String.raw`^(?:fs|graceful-fs|fs-extra|mz/fs):\.(?:promises\.)?`;

export const fileWriters: readonly FileWriter[] = [
  {
    callee: new RegExp(
      `${FS}(?:writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile|outputFileSync|outputJson|outputJSON|outputJsonSync|writeJson|writeJSON|writeJsonSync)$`,
    ),
    argument: 0,
  },
  {
    callee: new RegExp(`${FS}(?:copyFile|copyFileSync|cp|cpSync|copy|copySync)$`),
    argument: 1,
  },
  { callee: new RegExp(`${FS}(?:open|openSync)$`), argument: 0, flags: 1 },
  { callee: /^write-file-atomic:/, argument: 0 },
  // sharp(input).resize(...).toFile(path)
  { callee: /^sharp:.*\.toFile$/, argument: 0 },
  { callee: /^jimp:.*\.(?:write|writeAsync)$/, argument: 0 },
  // ffmpeg(input).output(path).run(), ffmpeg(input).save(path)
  { callee: /^fluent-ffmpeg:.*\.(?:save|saveToFile|output|addOutput)$/, argument: 0 },
  {
    callee:
      /^(?:puppeteer|puppeteer-core|playwright|playwright-core|@playwright\/test):.*\.(?:pdf|screenshot)$/,
    argument: 0,
    property: 'path',
  },
  { callee: /^exceljs:.*\.(?:xlsx|csv)\.writeFile$/, argument: 0 },
  // new ExcelJS.stream.xlsx.WorkbookWriter({ filename })
  { callee: /^exceljs:.*\.WorkbookWriter$/, argument: 0, property: 'filename' },
  { callee: /^xlsx:\.(?:writeFile|writeFileXLSX|writeFileAsync)$/, argument: 1 },
  { callee: /^adm-zip:.*\.(?:writeZip|extractAllTo|extractAllToAsync)$/, argument: 0 },
  { callee: /^pdf-lib:.*\.saveAs$/, argument: 0 },
  { callee: /^global:\.Bun\.write$/, argument: 0 },
  {
    callee:
      /^global:\.Deno\.(?:writeFile|writeFileSync|writeTextFile|writeTextFileSync|create|createSync|copyFile)$/,
    argument: 0,
  },
];
