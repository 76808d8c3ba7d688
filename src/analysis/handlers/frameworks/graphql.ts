import type { Framework } from '../framework.ts';

/** Resolvers: methods with a decorator of Nest or TypeGraphQL, and maps given to a server or schema. */
export const graphql: Framework = {
  name: 'GraphQL',
  text: /graphql|apollo|ApolloServer|makeExecutableSchema|@\w*Resolver\(/,
  methodDecorators:
    /^(?:@nestjs\/graphql:\.(?:Query|Mutation|Subscription|ResolveField|ResolveProperty|ResolveReference)|type-graphql:\.(?:Query|Mutation|Subscription|FieldResolver))\(\)$/,
  decoratorLists: /^@nestjs\/common:\.applyDecorators\(\)$/,
  registrations: [
    {
      on: /^(?:@apollo\/server|apollo-server(?:-\w+)*|graphql-yoga|@graphql-yoga\/\w+):$/,
      names: ['ApolloServer', 'GraphQLServer', 'createSchema', 'makeExecutableSchema'],
      maps: ['resolvers'],
    },
    {
      on: /^(?:@graphql-tools\/schema|graphql-tools|@apollo\/subgraph|@apollo\/federation):$/,
      names: ['makeExecutableSchema', 'addResolversToSchema', 'buildSubgraphSchema', 'buildFederatedSchema'],
      // A subgraph's modules can be a list.
      maps: ['resolvers'],
    },
  ],
};
