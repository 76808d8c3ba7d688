/**
 * Calls that read what is kept under a key, and fail where nothing is, and calls that take it away: of files and of
 * object storage, as data.
 */

interface KeptInput {
  name: string;
  /** The paths of what is called, or made, to read; `fs/promises:.x` is spelt `fs:.promises.x`. */
  reads: RegExp;
  /** The same to take away. */
  removes: RegExp;
  /** Where the key is, and what it is a key in. */
  key: KeyPlace;
}

/**
 * The first arguments, of which the last is the key; properties of the first argument; or the argument of the call that
 * gave what the method belongs to: `bucket.file(key).download()`.
 */
export type KeyPlace = { arguments: number } | { properties: readonly string[] } | { of: RegExp };

const FS = String.raw`^(?:fs|graceful-fs|fs-extra|mz/fs):\.(?:promises\.)?`;
const S3 = String.raw`^(?:@aws-sdk\/client-s3:\.S3#|aws-sdk(?:\/clients\/s3)?:(?:\.S3|\.default)?#)\.`;

export const keptInputs: readonly KeptInput[] = [
  {
    name: 'file',
    reads: new RegExp(
      `${FS}(?:readFile|readFileSync|createReadStream|open|openSync|stat|statSync|lstat|readJson|readJSON|readJsonSync)$`,
    ),
    removes: new RegExp(`${FS}(?:unlink|unlinkSync|rm|rmSync|remove|removeSync)$`),
    key: { arguments: 1 },
  },
  {
    name: 's3',
    reads: /^@aws-sdk\/client-s3:\.(?:Get|Head)ObjectCommand$/,
    removes: /^@aws-sdk\/client-s3:\.DeleteObjectCommand$/,
    key: { properties: ['Bucket', 'Key'] },
  },
  {
    name: 's3',
    reads: new RegExp(`${S3}(?:getObject|headObject)$`),
    removes: new RegExp(`${S3}deleteObject$`),
    key: { properties: ['Bucket', 'Key'] },
  },
  {
    name: 'minio',
    reads: /^minio:.*\.(?:f?[gG]etObject|statObject)$/,
    removes: /^minio:.*\.removeObject$/,
    key: { arguments: 2 },
  },
  {
    name: 'gcs',
    reads: /^(?:@google-cloud\/storage|firebase-admin(?:\/storage)?):.*\.file\(\)\.(?:download|getMetadata)$/,
    removes: /^(?:@google-cloud\/storage|firebase-admin(?:\/storage)?):.*\.file\(\)\.delete$/,
    key: { of: /^file$/ },
  },
  {
    name: 'azure',
    reads: /^@azure\/storage-blob:.*\.(?:download\w*|getProperties)$/,
    removes: /^@azure\/storage-blob:.*\.delete$/,
    key: { of: /^get\w*BlobClient$/ },
  },
  {
    name: 'oss',
    reads: /^ali-oss:.*\.(?:get|getStream|head)$/,
    removes: /^ali-oss:.*\.delete$/,
    key: { arguments: 1 },
  },
];
