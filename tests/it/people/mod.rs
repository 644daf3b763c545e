//! What a person does herself: signing in, her account, her pages.

mod account;
mod forms;
mod mishaps;
mod pages;
mod passkeys;
mod raw;
mod sandbox;
mod sign_in;
mod systems;
