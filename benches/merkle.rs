//! What the audit log's tree costs: appending, signing its head, proving and checking.

use divan::Bencher;
use divan::counter::ItemsCount;
use khue::crypto::transparency::{
    Checkpoint, NodeHash, NoteSigner, TileId, Tiles, TreeGrowth, inclusion_ranges, leaf_hash,
    verify_inclusion,
};
use ring::digest::{SHA256, digest};

/// As many as one integration takes.
const BATCH: u64 = 512;
/// A log of some age.
const SIZE: u64 = 1_000_000;

fn main() {
    divan::main();
}

fn leaves(count: u64) -> Vec<NodeHash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

fn grown(size: u64) -> std::collections::BTreeMap<TileId, Vec<NodeHash>> {
    let mut growth = TreeGrowth::default();
    leaves(size).into_iter().for_each(|leaf| growth.push(leaf));
    growth.into_changed()
}

/// The bare limit: one SHA-256 of the size of an inner node.
#[divan::bench]
fn sha256_of_65_bytes(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| digest(&SHA256, divan::black_box(&[1; 65])));
}

/// The hash of an entry of usual length, made before it is recorded.
#[divan::bench]
fn leaf_of_400_bytes(bencher: Bencher<'_, '_>) {
    let entry = vec![7; 400];
    bencher.bench_local(|| leaf_hash(divan::black_box(&entry)));
}

/// One integration without its database: the tree is taken up at its edge, grows by a batch, and its root is computed.
#[divan::bench]
fn append_a_batch(bencher: Bencher<'_, '_>) {
    let (tiles, batch) = (grown(SIZE), leaves(BATCH));
    bencher.counter(ItemsCount::new(BATCH)).bench_local(|| {
        let Ok(mut growth) = TreeGrowth::resume(SIZE, |id| tiles.get(&id).cloned()) else { return None };
        batch.iter().for_each(|leaf| growth.push(*leaf));
        let root = growth.root().ok();
        divan::black_box(growth.into_changed());
        root
    });
}

/// The signed note over the new head.
#[divan::bench]
fn sign_a_checkpoint(bencher: Bencher<'_, '_>) {
    let Ok(signer) = NoteSigner::from_seed("id.example/audit", &[7; 32]) else { return };
    let head = Checkpoint { origin: "id.example/audit".to_owned(), size: SIZE, root: leaf_hash(b"root") };
    bencher.bench_local(|| divan::black_box(&head).sign(&signer));
}

/// The proof of one entry from tiles at hand, and its check.
#[divan::bench]
fn prove_and_verify_one_of_a_million(bencher: Bencher<'_, '_>) {
    let mut tiles = Tiles::default();
    grown(SIZE).into_iter().for_each(|(id, hashes)| tiles.insert(id, hashes));
    let Ok(root) = tiles.hash(0..SIZE) else { return };
    let leaf = leaf_hash(&777_777u64.to_be_bytes());
    bencher.bench_local(|| {
        let ranges = inclusion_ranges(777_777, SIZE).ok()?;
        let proof = tiles.hashes(&ranges).ok()?;
        verify_inclusion(leaf, 777_777, SIZE, &proof, root).ok()
    });
}
