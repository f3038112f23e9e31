//! Rules and facts as written: their elements and cases, with every name looked up and every phrase compiled.

use super::super::condition::Condition;
use super::super::nearest::nearest;
use super::super::quantity::{self, Operator, Quantity, Unit};
use super::super::schema::{OneOrMany, WrittenCase, WrittenElement, WrittenFact, WrittenRule};
use super::super::{Capture, Case, Comparison, Even, Rule};
use super::asks::{DraftCase, DraftElement};
use super::program::{DraftFact, DraftRule};
use super::{At, Compiler};
use std::collections::BTreeMap;

/// An element of a rule, and does a case ask for it?
struct Named {
    draft: DraftElement,
    used: bool,
}

impl<'a> Compiler<'a> {
    pub(super) fn fact(&mut self, path: &'a str, fact: &'a WrittenFact) -> DraftFact {
        let file = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml").trim_end_matches(".yml");
        if file != fact.fact {
            self.problem(At::new(path, "fact"), format!("the fact's name is that of its file, \"{file}\""), None);
        }
        if fact.examples.yes.is_empty() || fact.examples.no.is_empty() {
            self.problem(At::new(path, "examples"), "a fact has an example of true and one of false at least", None);
        }
        let mut elements = self.elements(path, &fact.elements);
        let no = self.cases(path, "false", &fact.no, &mut elements, &[]);
        let yes = self.cases(path, "true", &fact.yes, &mut elements, &[]);
        self.unused(path, elements);
        DraftFact { name: fact.fact.clone(), asks: fact.asks.clone(), default: fact.default, no, yes }
    }

    /// The day from which something is in force.
    pub(super) fn day(&mut self, path: &str, written: Option<&String>) -> Option<jiff::civil::Date> {
        let written = written?;
        // The one shape in which days also sort as text.
        let day = written.parse().ok().filter(|day: &jiff::civil::Date| day.to_string() == *written);
        if day.is_none() {
            let message = format!("\"{written}\" is no day: a day is written 2027-01-31");
            self.problem(At::new(path, "in-force"), message, None);
        }
        day
    }

    pub(super) fn rule(&mut self, path: &'a str, rule: &'a WrittenRule, pack: usize, applies: Condition, facts: &[&str]) -> DraftRule {
        let id = path.trim_end_matches(".yaml").trim_end_matches(".yml");
        if rule.id != id {
            self.problem(At::new(path, "id"), format!("the id is the file's path, \"{id}\""), None);
        }
        if rule.examples.satisfied.is_empty() || rule.examples.missing.is_empty() {
            self.problem(At::new(path, "examples"), "a rule has an example of satisfied and one of missing at least", None);
        }
        if rule.satisfied.is_empty() {
            self.problem(At::new(path, "satisfied"), "nothing satisfies this rule", None);
        }
        let mut elements = self.elements(path, &rule.elements);
        let satisfied = self.cases(path, "satisfied", &rule.satisfied, &mut elements, facts);
        let contradicted = self.cases(path, "contradicted", &rule.contradicted, &mut elements, facts);
        let weak = self.cases(path, "weak", &rule.weak, &mut elements, facts);
        self.unused(path, elements);
        for (list, cases) in [("weak", &rule.weak), ("contradicted", &rule.contradicted)] {
            for (number, case) in cases.iter().enumerate() {
                if case.but.is_empty() && case.lacks.items.is_empty() {
                    let message = format!("a {list} case says what is wrong with the passage: \"but\", or \"lacks\" with elements");
                    self.problem(At::new(path, format!("{list}[{number}]")), message, None);
                }
            }
        }
        let in_force = self.day(path, rule.in_force.as_ref());
        let place = self.keep(path, &rule.place, &At::new(path, "place"));
        DraftRule {
            rule: Rule {
                id: rule.id.clone(),
                pack,
                title: rule.title.clone(),
                severity: rule.severity,
                cite: rule.cite.clone(),
                url: rule.url.clone(),
                why: rule.why.clone(),
                applies,
                satisfied: Vec::new(),
                contradicted: Vec::new(),
                weak: Vec::new(),
                place: 0,
                missing: rule.missing.clone(),
                help: rule.help.clone(),
                in_force: in_force.map(|day| day.to_string()),
                measured: None,
            },
            satisfied,
            contradicted,
            weak,
            place,
        }
    }

    /// The elements of a rule by name.
    fn elements(&mut self, path: &'a str, elements: &'a BTreeMap<String, WrittenElement>) -> BTreeMap<&'a str, Named> {
        let mut drafts = BTreeMap::new();
        for (name, element) in elements {
            let at = format!("elements.{name}");
            let sign = self.keep(path, &element.say, &At::new(path, element.say_path(&at)));
            let unless = self.keep_any(path, &element.unless, &At::new(path, format!("{at}.unless")));
            let even = self.even(path, &element.even, &format!("{at}.even"));
            let draft = DraftElement { name: name.clone(), sign, unless, even };
            drafts.insert(name.as_str(), Named { draft, used: false });
        }
        drafts
    }

    /// The kinds of speech that a list names.
    fn even(&mut self, path: &str, written: &OneOrMany, yaml: &str) -> Even {
        let mut even = Even::default();
        for (index, speech) in written.items.iter().enumerate() {
            match speech.as_str() {
                "law" => even.law = true,
                "question" => even.question = true,
                "heading" => even.heading = true,
                "negated" => even.negated = true,
                "hedged" => even.hedged = true,
                other => {
                    let help = Some("law, question, heading, negated or hedged".to_owned());
                    self.problem(At::new(path, written.path(yaml, index)), format!("unknown speech \"{other}\""), help);
                }
            }
        }
        even
    }

    fn unused(&mut self, path: &str, elements: BTreeMap<&str, Named>) {
        for (name, element) in elements {
            if !element.used {
                self.problem(At::new(path, format!("elements.{name}")), format!("no case asks for the element \"{name}\""), None);
            }
        }
    }

    fn cases(
        &mut self,
        path: &'a str,
        list: &str,
        cases: &'a [WrittenCase],
        elements: &mut BTreeMap<&'a str, Named>,
        facts: &[&str],
    ) -> Vec<DraftCase> {
        cases.iter().enumerate().map(|(number, case)| self.case(path, &format!("{list}[{number}]"), case, elements, facts)).collect()
    }

    fn case(
        &mut self,
        path: &'a str,
        yaml: &str,
        written: &'a WrittenCase,
        elements: &mut BTreeMap<&'a str, Named>,
        facts: &[&str],
    ) -> DraftCase {
        let at = |key: &str| At::new(path, format!("{yaml}.{key}"));
        let say = self.keep_any(path, &written.say, &at("say"));
        let under = self.keep_any(path, &written.under, &at("under"));
        let unless_under = self.keep_any(path, &written.unless_under, &at("unless-under"));
        let unless = self.keep_any(path, &written.unless, &at("unless"));
        let unless_nearby = self.keep_any(path, &written.unless_nearby, &at("unless-nearby"));
        let unless_anywhere = self.keep_any(path, &written.unless_anywhere, &at("unless-anywhere"));
        let mut all = self.asked(path, &written.all, &at("all"), elements);
        let of = self.asked(path, &written.of, &at("of"), elements);
        if written.of.items.is_empty() != (written.least == 0) {
            self.problem(At::new(path, yaml), "\"of\" and \"least\" go together", None);
        }
        let own = |sign| DraftElement { name: String::new(), sign, unless: None, even: Even::default() };
        let mut anchors: Vec<DraftElement> = say.map(own).into_iter().collect();
        if written.say.items.is_empty() {
            if all.is_empty() {
                anchors.extend(of.iter().cloned());
            } else {
                anchors.push(all.remove(0));
            }
            if written.all.items.is_empty() && written.of.items.is_empty() {
                self.problem(At::new(path, yaml), "a case has \"say\", \"all\" or \"of\"", None);
            }
        }
        let when = if written.when.is_empty() { Condition::Always } else { self.condition(at("when"), &written.when, facts) };
        let comparisons = written.where_.items.iter().enumerate().filter_map(|(index, text)| {
            comparison(text)
                .map_err(|message| self.problem(At::new(path, written.where_.path(&format!("{yaml}.where"), index)), message, None))
                .ok()
        });
        let comparisons = comparisons.collect();
        let even = self.even(path, &written.even, &format!("{yaml}.even"));
        for (index, name) in written.lacks.items.iter().enumerate() {
            if let Some(element) = elements.get_mut(name.as_str()) {
                element.used = true;
            } else {
                let at = At::new(path, written.lacks.path(&format!("{yaml}.lacks"), index));
                self.problem(at, format!("unknown element \"{name}\""), None);
            }
        }
        DraftCase {
            case: Case {
                least: written.least,
                within: written.within,
                when,
                takes_back: written.takes_back,
                but: written.but.clone(),
                lacks: written.lacks.items.clone(),
                ..Case::default()
            },
            even,
            comparisons,
            anchors,
            all,
            of,
            under,
            unless_under,
            unless,
            unless_nearby,
            unless_anywhere,
        }
    }

    /// Elements that a case asks for by name.
    fn asked(&mut self, path: &str, names: &OneOrMany, at: &At, elements: &mut BTreeMap<&'a str, Named>) -> Vec<DraftElement> {
        let mut asked = Vec::new();
        for (index, name) in names.items.iter().enumerate() {
            if let Some(element) = elements.get_mut(name.as_str()) {
                element.used = true;
                asked.push(element.draft.clone());
            } else {
                let help = nearest(name, elements.keys().copied()).map(|other| format!("did you mean \"{other}\"?"));
                self.problem(At::new(path, names.path(&at.yaml, index)), format!("unknown element \"{name}\""), help);
            }
        }
        asked
    }

    pub(super) fn condition(&mut self, at: At, text: &str, facts: &[&str]) -> Condition {
        Condition::parse(text, &|name| facts.iter().position(|&other| other == name)).unwrap_or_else(|message| {
            let help = format!("the facts are {}", facts.join(", "));
            self.problem(at, message, Some(help));
            Condition::Always
        })
    }
}

/// Reads "duration maybe <= 10 business days", "age >= 13".
fn comparison(text: &str) -> Result<Comparison, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (capture, maybe, operator, value) = match words.as_slice() {
        [capture, "maybe", operator, value @ ..] => (capture, true, operator, value),
        [capture, operator, value @ ..] => (capture, false, operator, value),
        _ => return Err("a comparison reads \"duration <= 10 business days\" or \"age >= 13\"".to_owned()),
    };
    let capture = match *capture {
        "duration" => Capture::Duration,
        "age" => Capture::Age,
        "money" => Capture::Money,
        "number" => Capture::Number,
        other => return Err(format!("\"{other}\" cannot be compared; duration, age, money and number can")),
    };
    let operator = match *operator {
        "<=" => Operator::AtMost,
        "<" => Operator::Less,
        ">=" => Operator::AtLeast,
        ">" => Operator::More,
        other => return Err(format!("\"{other}\" is no comparison; <, <=, >= and > are")),
    };
    let quantity = match value {
        [number] if capture != Capture::Duration => number.parse().ok().map(Quantity::Number),
        [number, "business", unit] if quantity::unit(unit) == Some(Unit::Day) => {
            number.parse().ok().map(|count| Quantity::Duration(count, Unit::BusinessDay))
        }
        [number, unit] => number.parse().ok().zip(quantity::unit(unit)).map(|(count, unit)| Quantity::Duration(count, unit)),
        _ => None,
    };
    let quantity = quantity.ok_or_else(|| format!("\"{}\" is no quantity", value.join(" ")))?;
    Ok(Comparison { capture, maybe, operator, quantity })
}
