"""The scenario of forty calls with the official Python SDK. Prints a line of JSON for each step."""

import json
import sys

from intercom import Intercom
from intercom.core.api_error import ApiError

client = Intercom(token="token", base_url=sys.argv[1])


def show(step, value):
    print(json.dumps([step, value]), flush=True)


def status(call):
    try:
        call()
    except ApiError as error:
        return error.status_code
    return 200


contacts = [
    client.contacts.create(request={"external_id": f"c{number}", "name": f"Name {number % 3}"}) for number in range(12)
]
show("contacts", [contact.id for contact in contacts])
show("duplicate", status(lambda: client.contacts.create(request={"external_id": "c1"})))
show("pages", [contact.external_id for contact in client.contacts.list(per_page=5)])
query = {"operator": "AND", "value": [{"field": "name", "operator": "=", "value": "Name 1"}]}
# All results fit one page: with several, the SDK sends the first cursor again and again.
found = client.contacts.search(query=query, pagination={"per_page": 50})
show("search", [contact.external_id for contact in found])
first, second = contacts[0].id, contacts[1].id
show("update", client.contacts.update(first, name="Joe").name)
show("find", client.contacts.find(first).name)
show("missing", status(lambda: client.contacts.find("none")))
show("archive", client.contacts.archive(second).archived)
show("delete", client.contacts.delete(second).deleted)

companies = [client.companies.create_or_update(request={"company_id": name, "name": name}) for name in "abc"]
show("companies", [company.name for company in client.companies.list(per_page=2)])
client.companies.attach_contact(first, company_id=companies[0].id)
members = client.companies.list_attached_contacts(companies[0].id)
show("members", [contact.external_id for contact in members.data])

tag = client.tags.create(request={"name": "vip"})
show("tag", client.tags.tag_contact(first, tag_id=tag.id).name)
show("tags", [tag.name for tag in client.contacts.list_attached_tags(first).data])

message = client.conversations.create(from_={"type": "user", "id": first}, body="Hello")
conversation_id = message.conversation_id
reply = {"message_type": "comment", "type": "admin", "admin_id": "1", "body": "Hi"}
client.conversations.reply(conversation_id, request=reply)
close = {"message_type": "close", "type": "admin", "admin_id": "1"}
show("close", client.conversations.manage(conversation_id, request=close).state)
conversation = client.conversations.find(conversation_id)
show("parts", [part.part_type for part in conversation.conversation_parts.conversation_parts])

article = client.articles.create(request={"title": "Refunds", "author_id": 1, "state": "published"})
show("articles", [it.title for it in client.articles.search(phrase="refund").data.articles])
show("deleted", client.articles.delete(int(article.id)).deleted)
show("me", client.admins.identify().type)
