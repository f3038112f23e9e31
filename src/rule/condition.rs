//! When a requirement applies: facts with `and`, `or`, `not` and brackets.

use serde::{Deserialize, Serialize};

/// A condition over facts; numbers are indices into the packs' facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Holds of every policy.
    #[default]
    Always,
    /// Holds where a fact does.
    Fact(usize),
    /// Holds where the other does not.
    Not(Box<Condition>),
    /// Holds where all do.
    All(Vec<Condition>),
    /// Holds where one does.
    Any(Vec<Condition>),
}

impl Condition {
    /// Does it hold, given the value of every fact?
    pub fn holds(&self, facts: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Fact(fact) => facts(*fact),
            Self::Not(other) => !other.holds(facts),
            Self::All(all) => all.iter().all(|one| one.holds(facts)),
            Self::Any(any) => any.iter().any(|one| one.holds(facts)),
        }
    }

    /// The facts whose values make it fail: one of them suffices for `and`, each counts for `or`.
    pub fn failing(&self, facts: &dyn Fn(usize) -> bool) -> Vec<usize> {
        match self {
            Self::Always => Vec::new(),
            Self::Fact(fact) => vec![*fact],
            Self::Not(other) => other.failing(facts),
            Self::All(all) => all.iter().filter(|one| !one.holds(facts)).flat_map(|one| one.failing(facts)).take(1).collect(),
            Self::Any(any) => any.iter().flat_map(|one| one.failing(facts)).collect(),
        }
    }

    /// Parses a condition; `fact` finds a fact by its name.
    pub fn parse(text: &str, fact: &dyn Fn(&str) -> Option<usize>) -> Result<Self, String> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let mut words = spaced.split_whitespace().collect::<Vec<_>>();
        words.reverse();
        let condition = any(&mut words, fact, 0)?;
        match words.last() {
            None => Ok(condition),
            Some(word) => Err(format!("\"{word}\" stands where \"and\" or \"or\" was expected")),
        }
    }
}

fn any(words: &mut Vec<&str>, fact: &dyn Fn(&str) -> Option<usize>, depth: usize) -> Result<Condition, String> {
    let mut sides = vec![all(words, fact, depth)?];
    while words.last() == Some(&"or") {
        words.pop();
        sides.push(all(words, fact, depth)?);
    }
    Ok(if sides.len() == 1 { sides.remove(0) } else { Condition::Any(sides) })
}

fn all(words: &mut Vec<&str>, fact: &dyn Fn(&str) -> Option<usize>, depth: usize) -> Result<Condition, String> {
    let mut sides = vec![one(words, fact, depth)?];
    while words.last() == Some(&"and") {
        words.pop();
        sides.push(one(words, fact, depth)?);
    }
    Ok(if sides.len() == 1 { sides.remove(0) } else { Condition::All(sides) })
}

fn one(words: &mut Vec<&str>, fact: &dyn Fn(&str) -> Option<usize>, depth: usize) -> Result<Condition, String> {
    if depth > 50 {
        return Err("brackets are nested too deeply".to_owned());
    }
    match words.pop() {
        None => Err("a fact is missing at the end".to_owned()),
        Some("not") => Ok(Condition::Not(Box::new(one(words, fact, depth + 1)?))),
        Some("always") => Ok(Condition::Always),
        Some("(") => {
            let inner = any(words, fact, depth + 1)?;
            if words.pop() == Some(")") { Ok(inner) } else { Err("\"(\" is not closed".to_owned()) }
        }
        Some(name) => fact(name).map(Condition::Fact).ok_or_else(|| format!("unknown fact \"{name}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Condition, String> {
        Condition::parse(text, &|name| ["a", "b", "c"].iter().position(|&other| other == name))
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let condition = parse("a and not b or (c)").unwrap();
        assert!(condition.holds(&|fact| fact == 0));
        assert!(!condition.holds(&|fact| fact < 2));
        assert!(condition.holds(&|fact| fact == 2));
        let failing = |text: &str, held: &[usize]| parse(text).unwrap().failing(&|fact| held.contains(&fact));
        assert_eq!(failing("a and b", &[0]), [1]);
        assert_eq!(failing("b and c", &[]), [1], "one suffices");
        assert_eq!(failing("b or c", &[]), [1, 2], "each counts");
        assert_eq!(failing("c and not b", &[1, 2]), [1]);
        assert_eq!(failing("always", &[]), [0; 0]);
        assert!(parse("always").unwrap().holds(&|_| false));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(parse("a b").unwrap_err(), "\"b\" stands where \"and\" or \"or\" was expected");
        assert_eq!(parse("a and").unwrap_err(), "a fact is missing at the end");
        assert_eq!(parse("(a").unwrap_err(), "\"(\" is not closed");
        assert_eq!(parse("d").unwrap_err(), "unknown fact \"d\"");
        assert_eq!(parse("").unwrap_err(), "a fact is missing at the end");
        for nested in ["(", "not "] {
            assert_eq!(parse(&nested.repeat(60)).unwrap_err(), "brackets are nested too deeply");
        }
        assert!(parse(&format!("{}a{}", "(".repeat(50), ")".repeat(50))).is_ok());
    }
}
