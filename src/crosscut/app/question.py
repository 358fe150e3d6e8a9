"""A question as a Python call: signature, documentation and refusals come from its request."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast, overload

from crosscut.app.opening import open_context
from crosscut.base.errors import Problem, UserError
from crosscut.results.listing import Listing
from crosscut.results.rows import Row
from crosscut.studies.context import Context
from crosscut.studies.request import Leaf, Request, expected, leaves

R = TypeVar("R", bound=Request)
R_contra = TypeVar("R_contra", bound=Request, contravariant=True)
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Call(Protocol[R_contra, T_co]):
    """A question as people call it: with a request, or with its fields one by one."""

    request: type[Request]

    @overload
    def __call__(self, request: R_contra, /, *, context: Context | None = None) -> T_co: ...

    @overload
    def __call__(self, *given: Any, context: Context | None = None, **fields: Any) -> T_co: ...


def question(model: type[R]) -> Callable[[Callable[[R, Context], T]], Call[R, T]]:
    """Makes the call of a question from the function that answers its request.

    Parameters
    ----------
    model
        The request. Its fields become the parameters of the call and their sentences its documentation. An
        answer that is a list of rows becomes a `Listing`.
    """

    def of(answer: Callable[[R, Context], T]) -> Call[R, T]:
        signature = signature_of(model)

        @functools.wraps(answer)
        def call(*given: Any, context: Context | None = None, **fields: Any) -> T:
            request = _request(model, signature, given, fields)
            found = answer(request, open_context() if context is None else context)
            return cast("T", Listing(cast("list[Row]", found))) if _is_listing(found) else found

        made = cast("Any", call)
        made.__signature__ = signature.replace(return_annotation=answer.__annotations__.get("return"))
        made.__doc__ = documentation(model)
        made.request = model
        return cast("Call[R, T]", made)

    return of


def _is_listing(found: object) -> bool:
    """Whether an answer is a list of rows."""
    return type(found) is list and all(isinstance(row, dict) for row in found)


def signature_of(model: type[Request]) -> inspect.Signature:
    """The parameters of a question's Python call: fields that may be given by position, then the others by
    name, then `context`."""
    kinds = {True: inspect.Parameter.POSITIONAL_OR_KEYWORD, False: inspect.Parameter.KEYWORD_ONLY}
    fields = [
        inspect.Parameter(
            x.name,
            kinds[x.asked.position],
            default=inspect.Parameter.empty if x.required else x.default,
            annotation=written(x),
        )
        for x in sorted(leaves(model), key=lambda x: not x.asked.position)
    ]
    context = inspect.Parameter("context", kinds[False], default=None, annotation="Context | None")
    return inspect.Signature([*fields, context])


def documentation(model: type[Request]) -> str:
    """The text of the request with a section on every parameter before what it returns."""
    text = inspect.cleandoc(model.__doc__ or "")
    head, heading, rest = text.partition("\n\nReturns\n-------\n")
    lines = ["Parameters", "----------"]
    for x in leaves(model):
        default = "" if x.required else f", default {x.default!r}"
        lines += [f"{x.name} : {written(x)}{default}", f"    {sentence(x)}"]
    lines += [
        "context : Context, optional",
        "    Who solves and on which data; by default one from the environment.",
    ]
    return f"{head}\n\n" + "\n".join(lines) + heading + rest


def written(leaf: Leaf) -> str:
    """The type of a field as its documentation writes it."""
    name = leaf.kind.__name__
    if leaf.kind.__name__ == "Path":
        name = "str or Path"
    if leaf.repeated:
        name = f"sequence of {name}"
    return name if leaf.required or leaf.default is not None else f"{name} or None"


def sentence(leaf: Leaf) -> str:
    """What a field means, with its bounds where it has some."""
    about = leaf.asked.help.rstrip(".")
    accepts = expected(leaf)
    bounded = leaf.kind in (int, float) and " from " in accepts
    return f"{about}: {accepts}." if bounded else f"{about}."


def _request(
    model: type[R], signature: inspect.Signature, given: tuple[Any, ...], fields: dict[str, Any]
) -> R:
    if given and isinstance(given[0], Request):
        if len(given) > 1 or fields or not isinstance(given[0], model):
            raise UserError(
                Problem(
                    f"a {type(given[0]).__name__} and more",
                    model.question,
                    f"one {model.__name__}, or its fields one by one",
                )
            )
        return given[0]
    by_position = signature.bind_partial(*given).arguments
    twice = sorted(by_position.keys() & fields.keys())
    if twice:
        raise UserError([Problem(f"{name} given twice", model.question, "it once") for name in twice])
    return model.of({**by_position, **fields})
