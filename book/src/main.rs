//! `cargo book`: builds the book from the lessons and the documents.

fn main() {}
