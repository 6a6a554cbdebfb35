"""Compares the tree of a source with ours: which unit each part of it is, and what differs. Plain."""

from dataclasses import replace

from chain.base.locale import _, current, day
from chain.intake import ss12000_rules as rules
from chain.intake.ss12000_changes import Change, Known, KnownUnit, Link, Plan
from chain.intake.ss12000_reading import Facts
from chain.intake.ss12000_rules import Node
from chain.organisation import shipped
from chain.organisation.rules import CODE, slug


class Units:
    """The tree: which unit each node is, and what differs."""

    def __init__(self, known: Known, where: rules.Tree, facts: Facts, plan: Plan) -> None:
        self.known, self.where, self.facts, self.plan = known, where, facts, plan
        self.stands = plan.stands
        self.perhaps: dict[str, int] = {}  # by name: for somebody to say
        self.blocked: set[str] = set()
        self.taken: set[int] = set()
        self.named: dict[tuple[str, str], list[KnownUnit]] = {}  # level, name → the units that could be it
        tied = set(known.unit_of.values())
        for unit in known.units.values():
            if unit.open and not unit.context and unit.id not in tied:
                self.named.setdefault((unit.level, slug(unit.name)), []).append(unit)
        for node in where.nodes.values():
            if node.code and not CODE.fullmatch(node.code):
                sentence = _(
                    "%(unit)s har %(code)s som skolenhetskod i registret. Det kan inte vara en.", unit=node.name, code=node.code
                )
                plan.notes.append(sentence)
                where.nodes[node.id] = replace(node, code="")

    def match(self) -> None:
        """By school unit code first, then by the source's id, then, as a question, by name under the same parent."""
        coded = {unit.code: unit for unit in self.known.units.values() if unit.code and unit.open}
        for node in self.where.nodes.values():
            unit = coded.get(node.code) if node.code else None
            if unit and self._is_free(node, unit):
                self._take(node, unit)
        for node in self.where.nodes.values():
            unit = self.known.units.get(self.known.unit_of.get(node.id, 0))
            if unit and node.id not in self.stands and node.id not in self.blocked and unit.id not in self.taken:
                self._take(node, unit)
        for node in self.where.nodes.values():  # from above
            if node.id not in self.stands and node.id not in self.blocked and (found := self._by_name(node)):
                self.perhaps[node.id] = found.id
                self.taken.add(found.id)

    def _is_free(self, node: Node, unit: KnownUnit) -> bool:
        if unit.id in self.taken:
            self.blocked.add(node.id)
            self.plan.notes.append(
                _("Två enheter i registret har koden %(code)s. %(unit)s hoppas över.", code=node.code, unit=node.name)
            )
        return node.id not in self.blocked

    def _take(self, node: Node, unit: KnownUnit) -> None:
        if unit.context or not unit.open:
            self.blocked.add(node.id)
            sentence = _("%(unit)s har en annan huvudman här och rörs inte.", unit=unit.name) if unit.context else _(
                "%(unit)s är stängd här men finns kvar i registret. Den öppnas inte igen.", unit=unit.name
            )  # fmt: skip
            self.plan.notes.append(sentence)
            return
        self.stands[node.id] = unit.id
        self.taken.add(unit.id)
        if self.known.unit_of.get(node.id) != unit.id:
            self.plan.links.append(Link("unit", node.id, unit.id))

    def _by_name(self, node: Node) -> KnownUnit | None:
        above = self.stands.get(node.parent) or self.perhaps.get(node.parent)
        if node.parent and not above:
            return None
        same = self.named.get((node.level, slug(node.name)), [])
        found = [unit for unit in same if unit.id not in self.taken and (not above or unit.parent_id == above)]
        return found[0] if len(found) == 1 else None

    def compare(self) -> None:
        for node in self.where.nodes.values():
            if node.parent in self.blocked:
                self.blocked.add(node.id)
            if node.id in self.stands:
                self._compare(node, self.known.units[self.stands[node.id]])
            elif node.id in self.perhaps:
                self._ask(node, self.known.units[self.perhaps[node.id]])
                self._compare(node, self.known.units[self.perhaps[node.id]])
            elif node.id not in self.blocked:
                self._add(node)
        self._close()

    def needs(self, node_id: str) -> tuple[str, ...]:
        """The node itself, as long as nobody has said that it stands here."""
        return (node_id,) if node_id and node_id not in self.stands else ()

    def name(self, node_id: str) -> str:
        """What a node is called here; what it will be called, as long as it does not stand here."""
        return self.known.units[self.stands[node_id]].name if node_id in self.stands else self.where.nodes[node_id].name

    def _add(self, node: Node) -> None:
        said = {"unit": node.name, "code": node.code}
        if node.parent:
            under = self.name(node.parent)
            sentence = _("%(unit)s (%(code)s) läggs till under %(parent)s.", parent=under, **said) if node.code else _(
                "%(unit)s läggs till under %(parent)s.", parent=under, **said
            )  # fmt: skip
        elif node.code:
            sentence = _("%(unit)s (%(code)s) läggs till.", **said)
        else:
            sentence = _("%(unit)s läggs till.", **said)
        self._change("add_unit", node, sentence, node.name, node.code, node.parent, needs=self.needs(node.parent))

    def _ask(self, node: Node, unit: KnownUnit) -> None:
        parent = self.known.units.get(unit.parent_id or 0)
        sentence = _(
            "%(name)s i registret ser ut att vara %(unit)s här, under %(parent)s. Välj det om de är samma.",
            name=node.name, unit=unit.name, parent=parent.name if parent else "",
        )  # fmt: skip
        self._change("link_unit", node, sentence, node.name, unit.name, unit=unit)

    def _compare(self, node: Node, unit: KnownUnit) -> None:
        if node.name != unit.name:
            sentence = _("%(before)s byter namn till %(after)s.", before=unit.name, after=node.name)
            self._change("change_unit", node, sentence, "name", unit.name, node.name, needs=self.needs(node.id), unit=unit)
        if node.school_forms and node.level == "unit" and set(node.school_forms) != set(unit.school_forms):
            after, before = _forms(node.school_forms), _forms(unit.school_forms) or _("inga")
            sentence = _("%(unit)s får skolformerna %(after)s (nu %(before)s).", unit=unit.name, after=after, before=before)
            self._change("change_unit", node, sentence, "forms", *node.school_forms, needs=self.needs(node.id), unit=unit)
        if node.code and node.code != unit.code:
            self._code(node, unit)
        self._move(node, unit)

    def _code(self, node: Node, unit: KnownUnit) -> None:
        said = {"unit": unit.name, "code": node.code}
        sentence = _("%(unit)s får skolenhetskoden %(code)s.", **said)
        if unit.code:
            sentence = _("%(unit)s får skolenhetskoden %(code)s i dag (nu %(before)s).", before=unit.code, **said)
        self._change("code", node, sentence, unit.code, node.code, needs=self.needs(node.id), unit=unit)

    def _move(self, node: Node, unit: KnownUnit) -> None:
        """Only to a parent that stands elsewhere: where our tree has levels that the source lacks, ours remain."""
        if not node.parent or node.parent in self.blocked:
            return
        under = self.known.units.get(self.stands.get(node.parent) or self.perhaps.get(node.parent, 0))
        if under and (unit.path.startswith(under.path) or under.path.startswith(unit.path)):
            return
        now = self.known.units.get(unit.parent_id or 0)
        sentence = _(
            "%(unit)s flyttas från %(before)s till %(after)s.",
            unit=unit.name, before=now.name if now else "", after=self.name(node.parent),
        )  # fmt: skip
        needs = self.needs(node.id) + self.needs(node.parent)
        self._change("move_unit", node, sentence, str(unit.parent_id), node.parent, needs=needs, unit=unit)

    def _close(self) -> None:
        """What was brought in from here before and is there no more, from below."""
        gone: dict[int, str] = {}
        for external_id, unit_id in self.known.unit_of.items():
            unit = self.known.units.get(unit_id)
            if unit and unit.open and external_id not in self.where.nodes and unit_id not in self.taken:
                gone.setdefault(unit_id, external_id)
        for unit_id in sorted(gone, key=lambda each: -self.known.units[each].path.count("/")):
            external_id, unit = gone[unit_id], self.known.units[unit_id]
            if external_id in self.where.ended:
                last = day(self.where.ended[external_id])
                sentence = _("%(unit)s upphörde den %(day)s enligt registret och stängs.", unit=unit.name, day=last)
            elif external_id in self.facts.deleted:
                sentence = _("%(unit)s har tagits bort ur registret och stängs.", unit=unit.name)
            elif external_id in self.where.means:
                sentence = _("%(unit)s är inte längre en egen enhet i registret och stängs.", unit=unit.name)
            else:
                sentence = _("%(unit)s finns inte längre i registret och stängs.", unit=unit.name)
            self.plan.changes.append(Change("close_unit", external_id, sentence, (unit.name,), unit_id=unit_id))

    def _change(
        self, what: str, node: Node, sentence: str, *said: str, needs: tuple[str, ...] = (), unit: KnownUnit | None = None
    ) -> None:
        unit_id = unit.id if unit else None
        self.plan.changes.append(Change(what, node.id, sentence, said, needs, node=node, unit_id=unit_id))


def _forms(codes: tuple[str, ...]) -> str:
    """School forms in the reader's words."""
    known = shipped.school_forms()
    return ", ".join(known[code].name(current()).lower() if code in known else code for code in codes)
