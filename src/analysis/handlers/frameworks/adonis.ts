import type { Framework } from '../framework.ts';

const CONTEXT =
  /^(?:@adonisjs\/core\/http:\.HttpContext|@ioc:Adonis\/Core\/HttpContext:\.HttpContextContract)#$/;
const ROUTER = /^(?:@adonisjs\/core\/services\/router:|@ioc:Adonis\/Core\/Route:)(?:\.\w+\(\))*$/;

/** Routes name their controllers as text or import them lazily; the methods say what they take. */
export const adonis: Framework = {
  name: 'AdonisJS',
  text: /@adonisjs\/core|@ioc:Adonis/,
  routeCalls: true,
  registrations: [{ on: ROUTER, names: ['get', 'post', 'put', 'patch', 'delete', 'any', 'route', 'use'] }],
  signatures: [{ parameters: [CONTEXT], methods: true }],
};
