import type { Framework } from '../framework.ts';

const WAITED_FOR = 'Get|Post|Put|Patch|Delete|All|Options|Head|Search|Sse';
const MESSAGES = 'MessagePattern|EventPattern|GrpcMethod|GrpcStreamMethod|GrpcStreamCall';

/** Some import types from inside the package: `@nestjs/common/interfaces`. */
const common = (names: string): string => `@nestjs/common(?:/[\\w/-]+)?:\\.(?:${names})`;
const type = (name: string): RegExp => new RegExp(`^${common(name)}#$`);

export const nest: Framework = {
  name: 'NestJS',
  // Applications have decorators of their own that are made of Nest's.
  text: /@nestjs\/|@\w*(?:Controller|Gateway)\(/,
  methodDecorators: new RegExp(
    `^(?:${common(WAITED_FOR)}|@nestjs/microservices:\\.(?:${MESSAGES})|@nestjs/websockets:\\.SubscribeMessage)\\(\\)$`,
  ),
  decoratorLists: new RegExp(`^${common('applyDecorators')}\\(\\)$`),
  implementations: [
    { type: type('NestMiddleware'), methods: /^use$/ },
    { type: type('CanActivate'), methods: /^canActivate$/ },
    { type: type('NestInterceptor'), methods: /^intercept$/ },
    { type: type('PipeTransform'), methods: /^transform$/ },
  ],
};
