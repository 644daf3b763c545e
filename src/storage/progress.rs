//! How far the transaction of a group of writes has come, and what its next statement must begin with.
//!
//! Every call is a trip to the thread of the connection and back. So neither the transaction nor a savepoint is opened by
//! itself: they go with the first statement that needs them. Two names of savepoints take turns. A job that is dropped
//! while its first statement is under way may have opened its savepoint or not: where that name is not known to the engine,
//! nothing was done.

/// What has been done in the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Nothing: it is not open.
    NotBegun,
    /// The statement with which it opens is under way, the first of all. Found so later, it means that its job was dropped
    /// or the engine refused; nobody else has written.
    Beginning,
    /// It is open, and there is no savepoint.
    Begun,
    /// The savepoint holds nothing: whoever is next may write into it.
    Empty(Name),
    /// A job writes into the savepoint right now. Found so by the next one, it means that the last was dropped halfway.
    UnderWay(Name),
    /// The savepoint holds what the last job did, to be committed.
    Done(Name),
}

/// The name of a savepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Odd,
    Even,
}

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// A job of several statements: they are kept, or taken back, together.
    Apart,
    /// A single statement: the engine does it wholly or not at all.
    Alone,
}

/// What goes before a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Preface {
    /// Its text.
    pub sql: &'static str,
    /// How many statements it has; each tells that it is done.
    pub statements: usize,
    /// How far the transaction is once they are.
    pub then: Progress,
}

impl Progress {
    /// `job` sends a statement: what has to go before it.
    pub(super) const fn enter(&mut self, job: Job) -> Option<Preface> {
        let (sql, statements, then) = match (*self, job) {
            (Self::NotBegun | Self::Beginning, Job::Apart) => {
                ("BEGIN IMMEDIATE; SAVEPOINT base; SAVEPOINT even; ", 3, Self::UnderWay(Name::Even))
            }
            (Self::NotBegun | Self::Beginning, Job::Alone) => {
                ("BEGIN IMMEDIATE; SAVEPOINT base; ", 2, Self::Begun)
            }
            (Self::Begun, Job::Apart) => ("SAVEPOINT even; ", 1, Self::UnderWay(Name::Even)),
            (Self::Done(Name::Odd), Job::Apart) => {
                ("RELEASE odd; SAVEPOINT even; ", 2, Self::UnderWay(Name::Even))
            }
            (Self::Done(Name::Even), Job::Apart) => {
                ("RELEASE even; SAVEPOINT odd; ", 2, Self::UnderWay(Name::Odd))
            }
            (Self::Empty(name) | Self::UnderWay(name), Job::Apart) => {
                *self = Self::UnderWay(name);
                return None;
            }
            (Self::Begun | Self::Empty(_) | Self::UnderWay(_) | Self::Done(_), Job::Alone) => {
                // The next job must not undo this statement with its own.
                self.keep();
                return None;
            }
        };
        *self = if matches!(self, Self::NotBegun) { Self::Beginning } else { then };
        Some(Preface { sql, statements, then })
    }

    /// The job went well.
    pub(super) const fn keep(&mut self) {
        if let Self::UnderWay(name) | Self::Empty(name) = *self {
            *self = Self::Done(name);
        }
    }
}

impl Name {
    /// Takes back everything since the savepoint was opened; it is as good as new then.
    pub(super) const fn undo(self) -> &'static str {
        match self {
            Self::Odd => "ROLLBACK TO odd",
            Self::Even => "ROLLBACK TO even",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transaction_opens_with_the_first_statement_and_is_open_when_that_is_told() {
        for (job, then) in [(Job::Apart, Progress::UnderWay(Name::Even)), (Job::Alone, Progress::Begun)] {
            let mut progress = Progress::NotBegun;
            let preface = progress.enter(job).unwrap();
            assert!(preface.sql.starts_with("BEGIN IMMEDIATE; "));
            assert_eq!((progress, preface.then), (Progress::Beginning, then));
        }
    }

    #[test]
    fn every_preface_counts_its_statements() {
        let everywhere = [
            Progress::NotBegun,
            Progress::Beginning,
            Progress::Begun,
            Progress::Done(Name::Odd),
            Progress::Done(Name::Even),
        ];
        for mut progress in everywhere {
            let preface = progress.enter(Job::Apart).unwrap();
            assert_eq!(preface.sql.matches("; ").count(), preface.statements);
        }
    }

    #[test]
    fn a_job_has_one_savepoint_and_the_next_job_another() {
        let mut progress = Progress::Begun;
        assert!(progress.enter(Job::Apart).is_some());
        assert!(progress.enter(Job::Apart).is_none());
        progress.keep();
        assert_eq!(progress, Progress::Done(Name::Even));
        assert_eq!(progress.enter(Job::Apart).unwrap().sql, "RELEASE even; SAVEPOINT odd; ");
    }

    #[test]
    fn what_is_written_alone_is_not_undone_with_the_next_job() {
        let mut progress = Progress::Empty(Name::Odd);
        assert!(progress.enter(Job::Alone).is_none());
        assert_eq!(progress, Progress::Done(Name::Odd));
    }
}
