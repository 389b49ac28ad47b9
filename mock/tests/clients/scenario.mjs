// The scenario of forty calls with the official Node SDK. Prints a line of JSON for each step.
import { createRequire } from "node:module";

const [, , url, modules] = process.argv;
const { IntercomClient } = createRequire(`${modules}/`)("intercom-client");
const client = new IntercomClient({ token: "token", environment: url, baseUrl: url, maxRetries: 0 });
const print = (step, value) => console.log(JSON.stringify([step, value]));
const collect = async (pages, pick) => {
  const items = [];
  for await (const item of await pages) items.push(pick(item));
  return items;
};
const status = (call) => call.then(() => 200, (error) => error.statusCode);

const contacts = [];
for (let number = 0; number < 12; number++) {
  contacts.push(await client.contacts.create({ external_id: `c${number}`, name: `Name ${number % 3}` }));
}
print("contacts", contacts.map((contact) => contact.id));
print("duplicate", await status(client.contacts.create({ external_id: "c1" })));
print("pages", await collect(client.contacts.list({ per_page: 5 }), (contact) => contact.external_id));
const query = { operator: "AND", value: [{ field: "name", operator: "=", value: "Name 1" }] };
print("search", await collect(client.contacts.search({ query, pagination: { per_page: 2 } }), (contact) => contact.external_id));
const [first, second] = contacts;
print("update", (await client.contacts.update({ contact_id: first.id, name: "Joe" })).name);
print("find", (await client.contacts.find({ contact_id: first.id })).name);
print("missing", await status(client.contacts.find({ contact_id: "none" })));
print("archive", (await client.contacts.archive({ contact_id: second.id })).archived);
print("delete", (await client.contacts.delete({ contact_id: second.id })).deleted);

const companies = [];
for (const name of ["a", "b", "c"]) {
  companies.push(await client.companies.createOrUpdate({ company_id: name, name }));
}
print("companies", await collect(client.companies.list({ per_page: 2 }), (company) => company.name));
await client.companies.attachContact({ contact_id: first.id, id: companies[0].id, company_id: companies[0].id });
print("members", (await client.companies.listAttachedContacts({ company_id: companies[0].id })).data.map((it) => it.external_id));

const tag = await client.tags.create({ name: "vip" });
print("tag", (await client.tags.tagContact({ contact_id: first.id, id: tag.id, tag_id: tag.id })).name);
print("tags", (await client.contacts.listAttachedTags({ contact_id: first.id })).data.map((it) => it.name));

const message = await client.conversations.create({ from: { type: "user", id: first.id }, body: "Hello" });
const conversation_id = message.conversation_id;
const reply = { message_type: "comment", type: "admin", admin_id: "1", body: "Hi" };
await client.conversations.reply({ conversation_id, body: reply });
const close = { message_type: "close", type: "admin", admin_id: "1" };
print("close", (await client.conversations.manage({ conversation_id, body: close })).state);
const conversation = await client.conversations.find({ conversation_id });
print("parts", conversation.conversation_parts.conversation_parts.map((part) => part.part_type));

const article = await client.articles.create({ title: "Refunds", author_id: 1, state: "published" });
print("articles", (await client.articles.search({ phrase: "refund" })).data.articles.map((it) => it.title));
print("deleted", (await client.articles.delete({ article_id: article.id })).deleted);
print("me", (await client.admins.identify()).type);
