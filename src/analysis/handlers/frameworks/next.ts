import type { Framework } from '../framework.ts';

const METHODS = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;

export const next: Framework = {
  name: 'Next.js',
  text: /['"]next['"/]/,
  signatures: [{ parameters: [/^next:\.NextApiRequest#$/, /^next:\.NextApiResponse#$/] }],
  functionTypes: /^next:\.(?:NextApiHandler|GetServerSideProps)#$/,
  files: [
    { file: /(?:^|\/)app\/(?:.*\/)?route\.[cm]?[jt]sx?$/, exports: METHODS },
    { file: /(?:^|\/)pages\/api\/.*\.[cm]?[jt]sx?$/, exports: /^default$/ },
    { file: /(?:^|\/)pages\/.*\.[jt]sx?$/, exports: /^getServerSideProps$/, text: /\bgetServerSideProps\b/ },
    { exports: /./, text: /['"]use server['"]/, directive: 'use server' },
  ],
};
