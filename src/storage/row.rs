//! Rows of an answer, whichever engine gave it.

use rusqlite::types::FromSql;
use sqlx::postgres::PgRow;
use sqlx::{Decode, Postgres, Row as _, Type};

use super::StorageError;

/// A row, for as long as its engine holds it.
pub(super) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r PgRow),
}

/// What both engines can read out of a column.
pub(super) trait Column: FromSql + Type<Postgres> + for<'r> Decode<'r, Postgres> {}

impl<T: FromSql + Type<Postgres> + for<'r> Decode<'r, Postgres>> Column for T {}

impl Row<'_> {
    /// The column of this name.
    pub(super) fn get<T: Column>(&self, name: &str) -> Result<T, StorageError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(name)?),
            Self::Postgres(row) => Ok(row.try_get(name)?),
        }
    }

    /// The column at this place, from 0.
    fn at<T: Column>(&self, place: usize) -> Result<T, StorageError> {
        match self {
            Self::Sqlite(row) => Ok(row.get(place)?),
            Self::Postgres(row) => Ok(row.try_get(place)?),
        }
    }
}

/// What is read out of a row.
pub(super) trait FromRow: Sized {
    /// Reads it.
    fn from_row(row: &Row<'_>) -> Result<Self, StorageError>;
}

/// Declares a struct whose fields are read from the columns of their names; what stands after `and` reads columns of its own.
macro_rules! row {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty,)*
        }
        $(and { $($part_vis:vis $part:ident: $part_type:ty,)* })?
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type,)*
            $($($part_vis $part: $part_type,)*)?
        }

        impl $crate::storage::row::FromRow for $name {
            fn from_row(row: &$crate::storage::row::Row<'_>) -> Result<Self, $crate::storage::StorageError> {
                Ok(Self {
                    $($field: row.get(stringify!($field))?,)*
                    $($($part: $crate::storage::row::FromRow::from_row(row)?,)*)?
                })
            }
        }
    };
}
pub(super) use row;

macro_rules! tuples {
    ($(($($type:ident $place:literal),*);)*) => {$(
        impl<$($type: Column),*> FromRow for ($($type,)*) {
            fn from_row(row: &Row<'_>) -> Result<Self, StorageError> {
                Ok(($(row.at::<$type>($place)?,)*))
            }
        }
    )*};
}

tuples! {
    (A 0);
    (A 0, B 1);
    (A 0, B 1, C 2);
    (A 0, B 1, C 2, D 3);
}
