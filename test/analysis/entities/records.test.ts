import { describe, expect, it } from 'vitest';
import { recordsIn } from '../../../src/analysis/entities/records.ts';
import { marked } from '../../support/describe.ts';
import { memoryProject } from '../../support/memory.ts';

type Files = Record<string, string>;

/** The records in the argument of `at(...)`: what is reported, and what it is. */
function records(source: string | Files): string[] {
  const project = memoryProject(typeof source === 'string' ? { 'a.ts': source } : source);
  return recordsIn(project.ev, marked(project)).map(
    ({ at, kind, orm, isList }) => `${at.module.textOf(at.node)}: ${orm ?? kind}${isList ? '[]' : ''}`,
  );
}

/** What the suggestion makes of the argument of `at(...)`. */
function suggested(source: string): string | undefined {
  const project = memoryProject({ 'a.ts': source });
  const ref = marked(project);
  const [found] = recordsIn(project.ev, ref);
  const { module, node } = ref;
  if (!found?.suggestion) return undefined;
  const { range } = found.suggestion.node;
  return (
    module.text.slice(node.range[0], range[0]) +
    found.suggestion.text +
    module.text.slice(range[1], node.range[1])
  );
}

const PRISMA = `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`;
const TYPEORM = `import { Repository, Entity, BaseEntity, DataSource, EntityManager } from 'typeorm';
@Entity() export class User { id: string; at: Date; team: Team } @Entity('teams') export class Team { id: string }`;
const MONGOOSE = `import mongoose, { model, Schema, Document, HydratedDocument } from 'mongoose'; const User = model('User', new Schema({}));`;
const SEQUELIZE = `import { Model, Sequelize } from 'sequelize'; class User extends Model { declare id: string }`;
const DRIZZLE = `import { drizzle } from 'drizzle-orm/node-postgres'; import { pgTable, text } from 'drizzle-orm/pg-core'; import { eq } from 'drizzle-orm';
const users = pgTable('users', { id: text('id') }); const db = drizzle('');`;
const KNEX = `import knex from 'knex'; const db = knex({});`;
const KYSELY = `import { Kysely, Selectable } from 'kysely'; const db = new Kysely<DB>({});`;
const OBJECTION = `import { Model } from 'objection'; class User extends Model { static tableName = 'users' }`;
const MIKRO = `import { EntityManager, Entity } from '@mikro-orm/core'; import { EntityRepository } from '@mikro-orm/postgresql'; @Entity() class User { id: string }`;
const LUCID = `import { BaseModel } from '@adonisjs/lucid/orm'; class User extends BaseModel {}`;

describe('Prisma', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'a found record',
      `${PRISMA} const user = await prisma.user.findUnique({ where: { id } }); at({ user })`,
      ['user: Prisma'],
    ],
    [
      'a created record as the payload',
      `${PRISMA} const user = await prisma.user.create({ data }); at(user)`,
      ['user: Prisma'],
    ],
    [
      'a call in place',
      `${PRISMA} at({ user: await prisma.user.findFirst({ where }) })`,
      ['prisma.user.findFirst({ where }): Prisma'],
    ],
    ['a list', `${PRISMA} const users = await prisma.user.findMany(); at({ users })`, ['users: Prisma[]']],
    [
      'an element of a loop',
      `${PRISMA} for (const user of await prisma.user.findMany({ where })) at(user)`,
      ['user: Prisma'],
    ],
    [
      'a callback of the list',
      `${PRISMA} const users = await prisma.user.findMany(); at(users.map((user) => ({ data: user })))`,
      ['user: Prisma'],
    ],
    [
      'an element by index',
      `${PRISMA} const users = await prisma.user.findMany(); at(users[0])`,
      ['users[0]: Prisma'],
    ],
    [
      'the first of a list',
      `${PRISMA} const [user] = await prisma.user.findMany(); at(user)`,
      ['user: Prisma'],
    ],
    [
      'a filtered list',
      `${PRISMA} const users = await prisma.user.findMany(); at(users.filter((user) => user.active))`,
      ['users.filter((user) => user.active): Prisma[]'],
    ],
    [
      'a fallback after catch',
      `${PRISMA} const user = await prisma.user.findUnique({ where }).catch(() => null); at(user)`,
      ['user: Prisma'],
    ],
    [
      'what then is handed',
      `${PRISMA} prisma.user.findFirst({}).then((user) => at({ user }))`,
      ['user: Prisma'],
    ],
    [
      'a client in a transaction',
      `${PRISMA} await prisma.$transaction(async (tx) => { const user = await tx.user.create({ data }); at({ user }) })`,
      ['user: Prisma'],
    ],
    [
      'the result of a transaction',
      `${PRISMA} const { user } = await prisma.$transaction(async (tx) => { const user = await tx.user.create({ data }); return { user, n: 1 }; }); at({ user })`,
      ['user: Prisma'],
    ],
    [
      'an extended client',
      `import { PrismaClient } from '@prisma/client'; const db = new PrismaClient().$extends({}); at(await db.user.findFirst())`,
      ['db.user.findFirst(): Prisma'],
    ],
    [
      'a generated client',
      `import { PrismaClient } from '../generated/prisma'; const db = new PrismaClient(); at(await db.user.findFirst())`,
      ['db.user.findFirst(): Prisma'],
    ],
    [
      'a generated client in the project',
      {
        'client.ts': `import * as runtime from '@prisma/client/runtime/client'; export const PrismaClient = runtime.getPrismaClient({});`,
        'a.ts': `import { PrismaClient } from './client'; const db = new PrismaClient(); at(await db.user.findFirst())`,
      },
      ['db.user.findFirst(): Prisma'],
    ],
    [
      'a Nest service',
      {
        'prisma.service.ts': `import { PrismaClient } from '@prisma/client'; export class PrismaService extends PrismaClient {}`,
        'a.ts': `import { PrismaService } from './prisma.service'; class S { constructor(private readonly prisma: PrismaService) {} async f() { at(await this.prisma.user.create({ data })) } }`,
      },
      ['this.prisma.user.create({ data }): Prisma'],
    ],
    [
      'a service of nestjs-prisma',
      `import { PrismaService } from 'nestjs-prisma'; class S { constructor(private prisma: PrismaService) {} async f() { const user = await this.prisma.user.create({ data }); at(user) } }`,
      ['user: Prisma'],
    ],
    [
      'a repository of the project',
      {
        'users.ts': `import { prisma } from './db'; export async function findUser(id: string) { return prisma.user.findUnique({ where: { id } }); }`,
        'db.ts': `import { PrismaClient } from '@prisma/client'; export const prisma = new PrismaClient();`,
        'a.ts': `import { findUser } from './users'; const user = await findUser('1'); at({ user })`,
      },
      ['user: Prisma'],
    ],
    [
      'a payload built elsewhere',
      {
        'b.ts': `export const build = (user) => ({ user, at: 1 });`,
        'a.ts': `import { build } from './b'; ${PRISMA} const user = await prisma.user.findFirst(); at(build(user))`,
      },
      ['user: Prisma'],
    ],
    [
      'a model type',
      `import type { User } from '@prisma/client'; function f(user: User) { at({ user }) }`,
      ['user: Prisma'],
    ],
    [
      'a model type with relations',
      `import { User, Post } from '@prisma/client'; function f(user: User & { posts: Post[] }) { at({ user }) }`,
      ['user: Prisma'],
    ],
    [
      'a type with everything',
      `import { Prisma } from '@prisma/client'; function f(user: Prisma.UserGetPayload<{ include: { posts: true } }>) { at({ user }) }`,
      ['user: Prisma'],
    ],
    [
      'what a query returns',
      `${PRISMA} function f(user: Awaited<ReturnType<typeof prisma.user.findFirst>>) { at({ user }) }`,
      ['user: Prisma'],
    ],
    [
      'a spread',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ ...user, password: undefined })`,
      ['user: Prisma'],
    ],
    [
      'the rest without a field',
      `${PRISMA} const { password, ...rest } = await prisma.user.findFirst(); at(rest)`,
      ['rest: Prisma'],
    ],
    [
      'a nested literal',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ to: { user } })`,
      ['user: Prisma'],
    ],
    [
      'a conditional',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ user: user ? user : null })`,
      ['user: Prisma'],
    ],
    [
      'a list of one',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ users: [user] })`,
      ['user: Prisma[]'],
    ],
    [
      'a JSON copy',
      `${PRISMA} const user = await prisma.user.findFirst(); at(JSON.parse(JSON.stringify(user)))`,
      ['JSON.parse(JSON.stringify(user)): Prisma'],
    ],
    [
      'a payload in a variable',
      `${PRISMA} const user = await prisma.user.findFirst(); const payload = { user, x: 1 }; at(payload)`,
      ['payload: Prisma'],
    ],
    [
      'a property written later',
      `${PRISMA} const user = await prisma.user.findFirst(); const payload: any = {}; payload.user = user; at(payload)`,
      ['payload: Prisma'],
    ],
    [
      'include',
      `${PRISMA} at(await prisma.user.findFirst({ include: { posts: true } }))`,
      ['prisma.user.findFirst({ include: { posts: true } }): Prisma'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string | Files]>([
    [
      'picked scalars',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ id: user.id, email: user.email, name: \`\${user.name}\` })`,
    ],
    [
      'destructured scalars',
      `${PRISMA} const { id, email } = await prisma.user.findFirst(); at({ id, email })`,
    ],
    [
      'ids of a list',
      `${PRISMA} const users = await prisma.user.findMany(); at({ ids: users.map((user) => user.id) })`,
    ],
    [
      'the length of a list',
      `${PRISMA} const users = await prisma.user.findMany(); at({ count: users.length })`,
    ],
    [
      'a projection',
      `${PRISMA} const user = await prisma.user.findFirst({ select: { id: true, email: true } }); at(user)`,
    ],
    [
      'a projection of a parameter',
      `${PRISMA} async function f(args) { at(await prisma.user.findFirst(args)) }`,
    ],
    [
      'a projected type',
      `import { Prisma } from '@prisma/client'; function f(user: Prisma.UserGetPayload<{ select: { id: true } }>) { at({ user }) }`,
    ],
    ['a count', `${PRISMA} at({ count: await prisma.user.count() })`],
    ['the result of createMany', `${PRISMA} at(await prisma.user.createMany({ data }))`],
    ['a deleted record', `${PRISMA} const user = await prisma.user.delete({ where }); at({ user })`],
    [
      'a record that is deleted below',
      `${PRISMA} async function f(id) { const user = await prisma.user.findUnique({ where: { id } }); await prisma.user.delete({ where: { id } }); at({ user }) }`,
    ],
    [
      'a record given to a delete of the project',
      `${PRISMA} async function f(id) { const user = await prisma.user.findUnique({ where: { id } }); await deleteUser(user.id); at({ user }) }`,
    ],
    [
      'an input type',
      `import { Prisma } from '@prisma/client'; function f(data: Prisma.UserCreateInput) { at(data) }`,
    ],
    [
      'an imported name that may be an enum',
      `import { Role } from '@prisma/client'; function f(role: Role) { at({ role }) }`,
    ],
    ['an enum member', `import { Role } from '@prisma/client'; at({ role: Role.ADMIN })`],
    [
      'a field of a record',
      `import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient(); const user = await prisma.user.findFirst(); at({ settings: user.settings })`,
    ],
    ['a parameter merely named user', `function f(user) { at({ user }) }`],
    [
      'a client of another kind',
      `import { Users } from './sdk'; const user = await new Users().user.findUnique(); at({ user })`,
    ],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('TypeORM', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'a repository',
      `${TYPEORM} class S { constructor(private users: Repository<User>) {} async f() { const user = await this.users.findOneBy({ id }); at({ user }) } }`,
      ['user: TypeORM'],
    ],
    [
      'an injected repository',
      `${TYPEORM} import { InjectRepository } from '@nestjs/typeorm'; class S { constructor(@InjectRepository(User) private users) {} async f() { at(await this.users.save(dto)) } }`,
      ['this.users.save(dto): TypeORM'],
    ],
    [
      'a custom repository',
      `${TYPEORM} class Users extends Repository<User> {} class S { constructor(private users: Users) {} async f() { at(await this.users.findOne({ where })) } }`,
      ['this.users.findOne({ where }): TypeORM'],
    ],
    [
      'a data source',
      `${TYPEORM} const source = new DataSource({}); at(await source.getRepository(User).find())`,
      ['source.getRepository(User).find(): TypeORM[]'],
    ],
    [
      'a manager in a transaction',
      `${TYPEORM} const source = new DataSource({}); await source.transaction(async (manager) => { const user = await manager.save(User, dto); at({ user }) })`,
      ['user: TypeORM'],
    ],
    [
      'a query builder',
      `${TYPEORM} async function f(users: Repository<User>) { at(await users.createQueryBuilder('u').leftJoinAndSelect('u.team', 't').where('').getMany()) }`,
      [`users.createQueryBuilder('u').leftJoinAndSelect('u.team', 't').where('').getMany(): TypeORM[]`],
    ],
    [
      'active record',
      `import { BaseEntity } from 'typeorm'; class User extends BaseEntity {} const user = await User.findOneBy({ id }); at(user)`,
      ['user: TypeORM'],
    ],
    [
      'a list with its count',
      `${TYPEORM} async function f(users: Repository<User>) { const [list, total] = await users.findAndCount(); at({ list }) }`,
      ['list: TypeORM[]'],
    ],
    [
      'an entity by annotation',
      {
        'user.entity.ts': `import { Entity } from 'typeorm'; @Entity() export class User {}`,
        'a.ts': `import { User } from './user.entity'; function f(user: User) { at({ user }) }`,
      },
      ['user: TypeORM'],
    ],
    [
      'an entity in a declared payload',
      {
        'user.entity.ts': `import { Entity } from 'typeorm'; @Entity() export class User {}`,
        'types.ts': `import type { User } from './user.entity'; export interface Mail { to: string; user: User }`,
        'a.ts': `import { Mail } from './types'; function f(mail: Mail) { at(mail) }`,
      },
      ['mail: TypeORM'],
    ],
    [
      'a relation of an entity',
      `${TYPEORM} function f(user: User) { at({ team: user.team }) }`,
      ['user.team: TypeORM'],
    ],
    ['a constructed entity', `${TYPEORM} const user = new User(); at(user)`, ['user: TypeORM']],
    [
      'instanceToPlain',
      `${TYPEORM} import { instanceToPlain } from 'class-transformer'; function f(user: User) { at(instanceToPlain(user)) }`,
      ['instanceToPlain(user): TypeORM'],
    ],
    [
      'an entity kept in a payload class',
      `${TYPEORM} class Created { constructor(readonly user: User) {} } function f(user: User) { at(new Created(user)) }`,
      ['new Created(user): TypeORM'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    [
      'a projection by select',
      `${TYPEORM} async function f(users: Repository<User>) { at(await users.findOne({ where, select: ['id'] })) }`,
    ],
    [
      'a builder that selects columns',
      `${TYPEORM} async function f(users: Repository<User>) { at(await users.createQueryBuilder('u').select(['u.id']).getMany()) }`,
    ],
    [
      'raw rows',
      `${TYPEORM} async function f(users: Repository<User>) { at(await users.createQueryBuilder('u').getRawMany()) }`,
    ],
    [
      'the count of a list',
      `${TYPEORM} async function f(users: Repository<User>) { const [list, total] = await users.findAndCount(); at({ total }) }`,
    ],
    [
      'a removed entity',
      `${TYPEORM} async function f(users: Repository<User>, user: User) { await users.remove(user); at({ user }) }`,
    ],
    ['a DTO class', `class CreateUserDto { email: string } function f(dto: CreateUserDto) { at(dto) }`],
    [
      'an insert result',
      `${TYPEORM} async function f(users: Repository<User>) { at(await users.insert({})) }`,
    ],
    [
      'a service of the project with the same methods',
      `class Cache { async findOne() { return { id: 1 } } } at(await new Cache().findOne())`,
    ],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Mongoose', () => {
  it.each<[string, string | Files, string[]]>([
    ['a document', `${MONGOOSE} const user = await User.findById(id); at({ user })`, ['user: Mongoose']],
    [
      'a lean document',
      `${MONGOOSE} const user = await User.findOne({ email }).populate('team').lean(); at({ user })`,
      ['user: Mongoose'],
    ],
    [
      'toObject',
      `${MONGOOSE} const user = await User.findById(id); at({ user: user.toObject() })`,
      ['user.toObject(): Mongoose'],
    ],
    [
      'toJSON',
      `${MONGOOSE} const user = await User.create(dto); at(user.toJSON())`,
      ['user.toJSON(): Mongoose'],
    ],
    [
      '_doc',
      `${MONGOOSE} const user = await User.findById(id); at({ ...user._doc })`,
      ['user._doc: Mongoose'],
    ],
    [
      'a new document',
      `${MONGOOSE} const user = new User(dto); await user.save(); at(user)`,
      ['user: Mongoose'],
    ],
    ['a saved document', `${MONGOOSE} const user = await new User(dto).save(); at(user)`, ['user: Mongoose']],
    [
      'only a field left out',
      `${MONGOOSE} at(await User.findById(id).select('-password'))`,
      [`User.findById(id).select('-password'): Mongoose`],
    ],
    [
      'a model that is made once',
      `import mongoose from 'mongoose'; const User = mongoose.models.User || mongoose.model('User', schema); at(await User.findOne({}))`,
      ['User.findOne({}): Mongoose'],
    ],
    [
      'an injected model',
      `import { Model } from 'mongoose'; import { InjectModel } from '@nestjs/mongoose'; class S { constructor(@InjectModel('User') private userModel: Model<UserDocument>) {} async f() { const user = await this.userModel.create({}); at({ user }) } }`,
      ['user: Mongoose'],
    ],
    [
      'a hydrated document',
      `import { HydratedDocument } from 'mongoose'; interface IUser { a: string } type UserDocument = HydratedDocument<IUser>; function f(user: UserDocument) { at({ user }) }`,
      ['user: Mongoose'],
    ],
    [
      'an interface that extends Document',
      `import { Document } from 'mongoose'; interface IUser extends Document { email: string } function f(user: IUser) { at({ user }) }`,
      ['user: Mongoose'],
    ],
    [
      'a schema class',
      {
        'user.schema.ts': `import { Schema } from '@nestjs/mongoose'; @Schema() export class User { email: string }`,
        'a.ts': `import { User } from './user.schema'; function f(user: User) { at(user) }`,
      },
      ['user: Mongoose'],
    ],
    [
      'require',
      {
        'models.js': `const mongoose = require('mongoose'); module.exports = mongoose.model('User', new mongoose.Schema({}));`,
        'a.js': `const User = require('./models'); async function f() { const user = await User.findOne({}); at({ user }) }`,
      },
      ['user: Mongoose'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['named fields', `${MONGOOSE} at(await User.findById(id, 'name email'))`],
    ['selected fields', `${MONGOOSE} at(await User.find().select('name').lean())`],
    [
      'the id as text',
      `${MONGOOSE} const user = await User.findById(id); at({ id: user._id.toString(), id2: user.id, e: String(user._id) })`,
    ],
    ['a count', `${MONGOOSE} at({ n: await User.countDocuments({}) })`],
    [
      'a document deleted by the query',
      `${MONGOOSE} const user = await User.findByIdAndDelete(id); at({ user })`,
    ],
    [
      'a document deleted by itself',
      `${MONGOOSE} async function f() { const user = await User.findById(id); await user.deleteOne(); at({ user }) }`,
    ],
    ['a plain interface', `interface IUser { email: string } function f(user: IUser) { at(user) }`],
    ['an id by distinct', `${MONGOOSE} at({ ids: await User.distinct('_id') })`],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Sequelize', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'a class',
      `${SEQUELIZE} const user = await User.findByPk(id, { include: [Team] }); at({ user })`,
      ['user: Sequelize'],
    ],
    [
      'define',
      `const { Sequelize } = require('sequelize'); const sequelize = new Sequelize(''); const User = sequelize.define('user', {}); at(await User.findAll())`,
      ['User.findAll(): Sequelize[]'],
    ],
    [
      'get as plain',
      `${SEQUELIZE} const user = await User.findOne(); at(user.get({ plain: true }))`,
      ['user.get({ plain: true }): Sequelize'],
    ],
    [
      'dataValues',
      `${SEQUELIZE} const user = await User.create(dto); at({ user: user.dataValues })`,
      ['user.dataValues: Sequelize'],
    ],
    [
      'the first of findOrCreate',
      `${SEQUELIZE} const [user, created] = await User.findOrCreate({ where }); at({ user })`,
      ['user: Sequelize'],
    ],
    [
      'rows',
      `${SEQUELIZE} const { rows, count } = await User.findAndCountAll(); at({ rows })`,
      ['rows: Sequelize[]'],
    ],
    [
      'a model by annotation',
      `${SEQUELIZE} function f(user: User) { at(user.toJSON()) }`,
      ['user.toJSON(): Sequelize'],
    ],
    [
      'sequelize-typescript',
      `import { Model, Table } from 'sequelize-typescript'; @Table class User extends Model {} at(await User.findOne())`,
      ['User.findOne(): Sequelize'],
    ],
    [
      'fields left out',
      `${SEQUELIZE} at(await User.findOne({ attributes: { exclude: ['password'] } }))`,
      [`User.findOne({ attributes: { exclude: ['password'] } }): Sequelize`],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['attributes', `${SEQUELIZE} at(await User.findOne({ attributes: ['id'] }))`],
    [
      'whether it was created',
      `${SEQUELIZE} const [user, created] = await User.findOrCreate({ where }); at({ created })`,
    ],
    ['the count of rows', `${SEQUELIZE} const { rows, count } = await User.findAndCountAll(); at({ count })`],
    ['an update result', `${SEQUELIZE} at(await User.update({}, { where }))`],
    [
      'a destroyed instance',
      `${SEQUELIZE} async function f() { const user = await User.findByPk(1); await user.destroy(); at({ user }) }`,
    ],
    ['one value by get', `${SEQUELIZE} const user = await User.findByPk(1); at({ email: user.email })`],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Drizzle', () => {
  it.each<[string, string | Files, string[]]>([
    [
      'a row',
      `${DRIZZLE} const [user] = await db.select().from(users).where(eq(users.id, id)).limit(1); at({ user })`,
      ['user: Drizzle'],
    ],
    [
      'rows',
      `${DRIZZLE} at({ users: await db.select().from(users) })`,
      ['db.select().from(users): Drizzle[]'],
    ],
    [
      'a relational query',
      `${DRIZZLE} const user = await db.query.users.findFirst({ with: { posts: true } }); at(user)`,
      ['user: Drizzle'],
    ],
    [
      'a returned row',
      `${DRIZZLE} const [user] = await db.insert(users).values(dto).returning(); at({ ...user })`,
      ['user: Drizzle'],
    ],
    [
      'a row of a transaction',
      `${DRIZZLE} await db.transaction(async (tx) => { const [user] = await tx.update(users).set({}).returning(); at(user) })`,
      ['user: Drizzle'],
    ],
    [
      'an inferred type',
      {
        'schema.ts': `import { pgTable } from 'drizzle-orm/pg-core'; export const users = pgTable('users', {}); export type User = typeof users.$inferSelect;`,
        'a.ts': `import { User } from './schema'; function f(user: User) { at({ user }) }`,
      },
      ['user: Drizzle'],
    ],
    [
      'InferSelectModel',
      `${DRIZZLE} import { InferSelectModel } from 'drizzle-orm'; type User = InferSelectModel<typeof users>; function f(user: User) { at(user) }`,
      ['user: Drizzle'],
    ],
    [
      'an annotated database',
      `import { NodePgDatabase } from 'drizzle-orm/node-postgres'; class S { constructor(private db: NodePgDatabase) {} async f() { at(await this.db.query.users.findMany()) } }`,
      ['this.db.query.users.findMany(): Drizzle[]'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['selected columns', `${DRIZZLE} const [user] = await db.select({ id: users.id }).from(users); at(user)`],
    [
      'a relational query of columns',
      `${DRIZZLE} at(await db.query.users.findFirst({ columns: { id: true } }))`,
    ],
    [
      'returned columns',
      `${DRIZZLE} const [user] = await db.insert(users).values(dto).returning({ id: users.id }); at(user)`,
    ],
    [
      'a deleted row',
      `${DRIZZLE} const [user] = await db.delete(users).where(eq(users.id, id)).returning(); at(user)`,
    ],
    ['the type of an insert', `${DRIZZLE} function f(user: typeof users.$inferInsert) { at(user) }`],
    ['a picked column', `${DRIZZLE} const [user] = await db.select().from(users); at({ id: user.id })`],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Knex', () => {
  it.each<[string, string, string[]]>([
    [
      'the first row',
      `${KNEX} const user = await db('users').where({ id }).first(); at({ user })`,
      ['user: Knex'],
    ],
    ['rows', `${KNEX} at(await db('users').where({ id }))`, [`db('users').where({ id }): Knex[]`]],
    [
      'all columns',
      `${KNEX} at(await db.select('*').from('users'))`,
      [`db.select('*').from('users'): Knex[]`],
    ],
    [
      'a returned row',
      `${KNEX} const [user] = await db('users').insert(dto).returning('*'); at(user)`,
      ['user: Knex'],
    ],
    [
      'an annotated instance',
      `import { Knex } from 'knex'; class S { constructor(private knex: Knex) {} async f() { at(await this.knex('users').first()) } }`,
      [`this.knex('users').first(): Knex`],
    ],
    [
      'a row of a transaction',
      `${KNEX} await db.transaction(async (trx) => { const user = await trx('users').first(); at(user) })`,
      ['user: Knex'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['named columns', `${KNEX} at(await db('users').select('id', 'email').where({ id }).first())`],
    ['an id', `${KNEX} const [id] = await db('users').insert(dto).returning('id'); at({ id })`],
    ['an insert', `${KNEX} const [id] = await db('users').insert(dto); at({ id })`],
    ['a count', `${KNEX} at(await db('users').count())`],
    ['plucked ids', `${KNEX} at({ ids: await db('users').pluck('id') })`],
    [
      'deleted rows',
      `${KNEX} const [user] = await db('users').where({ id }).del().returning('*'); at({ user })`,
    ],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Kysely', () => {
  it.each<[string, string, string[]]>([
    [
      'a whole row',
      `${KYSELY} at(await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst())`,
      [`db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst(): Kysely`],
    ],
    [
      'whole rows',
      `${KYSELY} const users = await db.selectFrom('users').selectAll().execute(); at({ users })`,
      ['users: Kysely[]'],
    ],
    [
      'a returned row',
      `${KYSELY} const user = await db.insertInto('users').values(dto).returningAll().executeTakeFirstOrThrow(); at(user)`,
      ['user: Kysely'],
    ],
    [
      'a row of a transaction',
      `${KYSELY} await db.transaction().execute(async (trx) => { const user = await trx.selectFrom('users').selectAll().executeTakeFirst(); at(user) })`,
      ['user: Kysely'],
    ],
    [
      'a selectable type',
      `${KYSELY} type User = Selectable<UserTable>; function f(user: User) { at(user) }`,
      ['user: Kysely'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['named columns', `${KYSELY} at(await db.selectFrom('users').select(['id']).executeTakeFirst())`],
    ['a deleted row', `${KYSELY} at(await db.deleteFrom('users').returningAll().executeTakeFirst())`],
    ['an insert result', `${KYSELY} at(await db.insertInto('users').values(dto).executeTakeFirst())`],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Objection', () => {
  it.each<[string, string, string[]]>([
    [
      'a model',
      `${OBJECTION} const user = await User.query().findById(id); at({ user })`,
      ['user: Objection'],
    ],
    [
      'a graph',
      `${OBJECTION} at(await User.query().where('a', 1).withGraphFetched('posts'))`,
      [`User.query().where('a', 1).withGraphFetched('posts'): Objection[]`],
    ],
    [
      'an inserted model',
      `${OBJECTION} at(await User.query().insertAndFetch(dto))`,
      ['User.query().insertAndFetch(dto): Objection'],
    ],
    [
      'a model by annotation',
      `${OBJECTION} function f(user: User) { at({ user: user.toJSON() }) }`,
      ['user.toJSON(): Objection'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['named columns', `${OBJECTION} at(await User.query().select('id').first())`],
    ['a patch', `${OBJECTION} at({ n: await User.query().patch({}).where('id', 1) })`],
    ['a delete', `${OBJECTION} at({ n: await User.query().deleteById(1) })`],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('MikroORM', () => {
  it.each<[string, string, string[]]>([
    [
      'an entity manager',
      `${MIKRO} class S { constructor(private em: EntityManager) {} async f() { const user = await this.em.findOneOrFail(User, id); at({ user }) } }`,
      ['user: MikroORM'],
    ],
    [
      'a fork',
      `${MIKRO} async function f(em: EntityManager) { at(await em.fork().find(User, {})) }`,
      ['em.fork().find(User, {}): MikroORM[]'],
    ],
    [
      'a repository',
      `${MIKRO} class S { constructor(private users: EntityRepository<User>) {} async f() { at(await this.users.findOne({})) } }`,
      ['this.users.findOne({}): MikroORM'],
    ],
    [
      'a transaction',
      `${MIKRO} async function f(em: EntityManager) { await em.transactional(async (tx) => { at(await tx.findOne(User, 1)) }) }`,
      ['tx.findOne(User, 1): MikroORM'],
    ],
    ['an entity by annotation', `${MIKRO} function f(user: User) { at({ user }) }`, ['user: MikroORM']],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    [
      'named fields',
      `${MIKRO} async function f(em: EntityManager) { at(await em.findOne(User, 1, { fields: ['id'] })) }`,
    ],
    ['a count', `${MIKRO} async function f(em: EntityManager) { at({ n: await em.count(User) }) }`],
    [
      'a removed entity',
      `${MIKRO} async function f(em: EntityManager, user: User) { await em.removeAndFlush(user); at({ user }) }`,
    ],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('ZenStack', () => {
  const ZENSTACK = `import { enhance } from '@zenstackhq/runtime'; import { ZenStackClient } from '@zenstackhq/orm'; import { prisma } from './db'; const two = enhance(prisma, { user }); const three = new ZenStackClient(schema, {});`;
  it.each<[string, string, string[]]>([
    [
      'a found record of an enhanced client',
      `${ZENSTACK} const user = await two.user.findUnique({ where: { id } }); at({ user })`,
      ['user: ZenStack'],
    ],
    [
      'a created record',
      `${ZENSTACK} const user = await three.user.create({ data }); at(user)`,
      ['user: ZenStack'],
    ],
    [
      'a record of a client with a user',
      `${ZENSTACK} const db = three.$setAuth(me); const users = await db.user.findMany(); at({ users })`,
      ['users: ZenStack[]'],
    ],
    [
      'a record of a transaction',
      `${ZENSTACK} await three.$transaction(async (tx) => { const user = await tx.user.findFirst(); at({ user }) })`,
      ['user: ZenStack'],
    ],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['selected fields', `${ZENSTACK} at(await three.user.findFirst({ select: { id: true } }))`],
    ['a deleted record', `${ZENSTACK} const user = await two.user.delete({ where }); at({ user })`],
    ['a count', `${ZENSTACK} at({ count: await three.user.count() })`],
    ['a field', `${ZENSTACK} const user = await three.user.findFirst(); at({ id: user.id })`],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('Lucid', () => {
  it.each<[string, string, string[]]>([
    ['a found model', `${LUCID} at({ user: await User.findOrFail(1) })`, ['User.findOrFail(1): Lucid']],
    [
      'a query',
      `${LUCID} at(await User.query().where('a', 1).preload('posts'))`,
      [`User.query().where('a', 1).preload('posts'): Lucid[]`],
    ],
    [
      'a serialized model',
      `${LUCID} const user = await User.create({}); at(user.serialize())`,
      ['user.serialize(): Lucid'],
    ],
    ['a model by annotation', `${LUCID} function f(user: User) { at({ user }) }`, ['user: Lucid']],
  ])('%s is a record', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['named columns', `${LUCID} at(await User.query().select('id').first())`],
    ['an update', `${LUCID} at({ n: await User.query().update({}) })`],
    [
      'a deleted model',
      `${LUCID} async function f() { const user = await User.find(1); await user.delete(); at({ user }) }`,
    ],
  ])('%s is none', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('of a request', () => {
  it.each<[string, string, string[]]>([
    [
      'an Express request',
      `import express from 'express'; const app = express(); app.post('/', (req, res) => { at({ req }) })`,
      ['req: request'],
    ],
    [
      'its response',
      `import express from 'express'; express.Router().post('/', (req, res) => { at(res) })`,
      ['res: response'],
    ],
    [
      'an annotated request',
      `import { Request } from 'express'; async function f(req: Request) { at({ ...req }) }`,
      ['req: request'],
    ],
    [
      'an extended request',
      `import { Request } from 'express'; interface AuthRequest extends Request { user: string } function f(req: AuthRequest) { at(req) }`,
      ['req: request'],
    ],
    [
      'the session',
      `import { Request } from 'express'; function f(req: Request) { at({ session: req.session }) }`,
      ['req.session: session'],
    ],
    [
      'a Koa context',
      `import Koa from 'koa'; const app = new Koa(); app.use(async (ctx) => { at({ ctx }) })`,
      ['ctx: context'],
    ],
    [
      'a Hono context',
      `import { Hono } from 'hono'; const app = new Hono(); app.post('/', async (c) => { at({ c }) })`,
      ['c: context'],
    ],
    [
      'a Nest parameter',
      `import { Req, Controller } from '@nestjs/common'; class C { f(@Req() req) { at(req) } }`,
      ['req: request'],
    ],
    [
      'a fetch request',
      `export async function POST(request: Request) { at({ request }) }`,
      ['request: request'],
    ],
    [
      'a body',
      `import { Request } from 'express'; function f(req: Request) { at(req.body) }`,
      ['req.body: body'],
    ],
    [
      'a body read from a fetch request',
      `export async function POST(request: Request) { const body = await request.json(); at(body) }`,
      ['body: body'],
    ],
  ])('%s is found', (_, source, found) => {
    expect(records(source)).toEqual(found);
  });

  it.each<[string, string]>([
    ['a parameter merely named req', `function f(req) { at({ req }) }`],
    [
      'picked parts',
      `import { Request } from 'express'; function f(req: Request) { at({ id: req.params.id, name: req.body.name, agent: req.headers['user-agent'], ip: req.ip }) }`,
    ],
    [
      'a body by a DTO',
      `import { Body } from '@nestjs/common'; class CreateDto { a: string } class C { f(@Body() dto: CreateDto) { at(dto) } }`,
    ],
    [
      'a parsed body',
      `import { z } from 'zod'; import { Request } from 'express'; const schema = z.object({}); function f(req: Request) { at(schema.parse(req.body)) }`,
    ],
  ])('%s is not', (_, source) => {
    expect(records(source)).toEqual([]);
  });
});

describe('suggests the id', () => {
  it.each<[string, string, string | undefined]>([
    [
      'for a shorthand',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ user, a: 1 })`,
      '{ userId: user.id, a: 1 }',
    ],
    [
      'for a property',
      `${PRISMA} const owner = await prisma.user.findFirst(); at({ user: owner })`,
      '{ userId: owner.id }',
    ],
    [
      'under the name of the record where the key says nothing',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ data: user })`,
      '{ userId: user.id }',
    ],
    [
      'for the payload itself',
      `${PRISMA} const user = await prisma.user.findFirst(); at(user)`,
      '{ userId: user.id }',
    ],
    [
      'for a spread',
      `${PRISMA} const user = await prisma.user.findFirst(); at({ ...user, a: 1 })`,
      '{ userId: user.id, a: 1 }',
    ],
    [
      'for a list',
      `${PRISMA} const users = await prisma.user.findMany(); at({ users })`,
      '{ userIds: users.map((user) => user.id) }',
    ],
    [
      'of a lean document',
      `${MONGOOSE} const user = await User.findById(1).lean(); at({ user })`,
      '{ userId: String(user._id) }',
    ],
    ['but not for a call', `${PRISMA} at({ user: await prisma.user.findFirst() })`, undefined],
    [
      'but not for a payload in a variable',
      `${PRISMA} const user = await prisma.user.findFirst(); const payload = { user }; at(payload)`,
      undefined,
    ],
  ])('%s', (_, source, expected) => {
    expect(suggested(source)).toBe(expected);
  });
});
