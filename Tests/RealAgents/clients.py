"""Has the providers' own clients talk to the scripted model: usage: clients.py ADDRESS"""

import sys

import anthropic
import openai

address = sys.argv[1]
TOOL = {"name": "edit", "description": "Edits a file.", "schema": {"type": "object", "properties": {"file": {"type": "string"}}}}
QUESTION = "change a.py"


def same(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r} is not {expected!r}")


def messages(client, stream):
    request = dict(
        model="scripted", max_tokens=100, messages=[{"role": "user", "content": QUESTION}],
        tools=[{"name": TOOL["name"], "description": TOOL["description"], "input_schema": TOOL["schema"]}])
    if stream:
        with client.messages.stream(**request) as events:
            answer = events.get_final_message()
    else:
        answer = client.messages.create(**request)
    same("text", answer.content[0].text, "I change a.py.")
    same("call", (answer.content[1].name, answer.content[1].input), ("edit", {"file": "a.py"}))
    same("stop", answer.stop_reason, "tool_use")
    usage = answer.usage
    same("usage", (usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens), (50, 20, 5))
    same("count", client.messages.count_tokens(model="scripted", messages=request["messages"]).input_tokens > 0, True)


def chat(client, stream):
    request = dict(
        model="scripted", messages=[{"role": "user", "content": QUESTION}],
        tools=[{"type": "function", "function": {"name": TOOL["name"], "parameters": TOOL["schema"]}}])
    if stream:
        with client.chat.completions.stream(**request, stream_options={"include_usage": True}) as events:
            answer = events.get_final_completion() if [event for event in events] else None
    else:
        answer = client.chat.completions.create(**request)
    choice = answer.choices[0]
    same("text", choice.message.content, "I change a.py.")
    call = choice.message.tool_calls[0].function
    same("call", (call.name, call.arguments), ("edit", '{"file":"a.py"}'))
    same("finish", choice.finish_reason, "tool_calls")
    same("usage", (answer.usage.prompt_tokens, answer.usage.completion_tokens), (70, 5))
    same("cached", answer.usage.prompt_tokens_details.cached_tokens, 20)


def responses(client, stream):
    request = dict(
        model="scripted", input=QUESTION,
        tools=[{"type": "function", "name": TOOL["name"], "parameters": TOOL["schema"], "strict": False}])
    if stream:
        with client.responses.stream(**request) as events:
            for _ in events:
                pass
            answer = events.get_final_response()
    else:
        answer = client.responses.create(**request)
    same("text", answer.output_text, "I change a.py.")
    call = answer.output[1]
    same("call", (call.type, call.name, call.arguments), ("function_call", "edit", '{"file":"a.py"}'))
    same("usage", (answer.usage.input_tokens, answer.usage.output_tokens), (70, 5))


def errors(claude, openai_client):
    for ask, kind in [
        (lambda: claude.messages.create(model="busy", max_tokens=1, messages=[{"role": "user", "content": "x"}]),
         anthropic.RateLimitError),
        (lambda: openai_client.chat.completions.create(model="busy", messages=[{"role": "user", "content": "x"}]),
         openai.RateLimitError),
        (lambda: openai_client.responses.create(model="busy", input="x"), openai.RateLimitError),
    ]:
        try:
            ask()
        except kind as error:
            same("retry-after", error.response.headers["retry-after"], "7")
        else:
            sys.exit(f"no {kind}")


claude = anthropic.Anthropic(base_url=address, api_key="none", max_retries=0)
gpt = openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
for stream in (False, True):
    messages(claude, stream)
    chat(gpt, stream)
    responses(gpt, stream)
errors(claude, gpt)
same("models", [model.id for model in gpt.models.list()], ["scripted"])
