//! The tree against the vectors of RFC 6962's reference implementation, and against itself.

use super::*;

/// The eight entries of the reference implementation's tests.
const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Its roots over the first one to eight of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> NodeHash {
    NodeHash::from_slice(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()).unwrap()
}

fn leaves() -> Vec<NodeHash> {
    ENTRIES.iter().map(|hex| leaf_hash(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap())).collect()
}

fn numbered(size: u64) -> Vec<NodeHash> {
    (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// All tiles of a tree over `leaves`, grown in steps so that unfinished tiles are resumed.
fn grown(leaves: &[NodeHash], step: usize) -> (Tiles, NodeHash) {
    let mut stored = std::collections::BTreeMap::new();
    let mut size = 0;
    let mut root = empty_root();
    for chunk in leaves.chunks(step) {
        let mut growth = TreeGrowth::resume(size, |id| stored.get(&id).cloned()).unwrap();
        chunk.iter().for_each(|leaf| growth.push(*leaf));
        size = growth.size();
        root = growth.root().unwrap();
        stored.extend(growth.into_changed());
    }
    assert_eq!(stored.keys().copied().collect::<Vec<_>>(), TileId::all_at(size).collect::<Vec<_>>());
    let mut tiles = Tiles::default();
    for (id, hashes) in stored {
        assert_eq!(hashes.len() as u64, id.width_at(size), "{id:?}");
        tiles.insert(id, hashes);
    }
    (tiles, root)
}

#[test]
fn roots_are_those_of_the_reference_implementation_rfc6962_2_1() {
    assert_eq!(empty_root(), hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    let leaves = leaves();
    let mut accumulator = Accumulator::default();
    assert_eq!(accumulator.root(), empty_root());
    for (leaf, root) in leaves.iter().zip(ROOTS) {
        accumulator.push(*leaf);
        assert_eq!(accumulator.root(), hash(root), "size {}", accumulator.size());
        assert_eq!(grown(&leaves[..accumulator.size() as usize], 3).1, hash(root));
    }
}

#[test]
fn proofs_are_those_of_the_reference_implementation_rfc9162_2_1_3_and_2_1_4() {
    let (tiles, root) = grown(&leaves(), 8);
    let proof = tiles.hashes(&consistency_ranges(6, 8).unwrap()).unwrap();
    let expected = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ];
    assert_eq!(proof, expected.map(hash));
    assert_eq!(verify_consistency((6, hash(ROOTS[5])), (8, root), &proof), Ok(()));
    assert_eq!(verify_consistency((6, hash(ROOTS[4])), (8, root), &proof), Err(ProofError::OtherRoot));

    let third = tiles.hashes(&inclusion_ranges(2, 3).unwrap()).unwrap();
    assert_eq!(third, [hash(ROOTS[1])]);
    assert_eq!(verify_inclusion(leaves()[2], 2, 3, &third, hash(ROOTS[2])), Ok(()));
}

#[test]
fn every_leaf_is_proved_in_every_tree_and_nothing_else_is() {
    let leaves = numbered(40);
    let (tiles, _) = grown(&leaves, 7);
    for size in 1..=leaves.len() as u64 {
        let root = tiles.hash(0..size).unwrap();
        for index in 0..size {
            let leaf = leaves[index as usize];
            let proof = tiles.hashes(&inclusion_ranges(index, size).unwrap()).unwrap();
            assert_eq!(verify_inclusion(leaf, index, size, &proof, root), Ok(()), "{index} in {size}");
            assert!(verify_inclusion(leaf, index + 1, size, &proof, root).is_err());
            assert!(verify_inclusion(leaf_hash(b"other"), index, size, &proof, root).is_err());
            let mut longer = proof.clone();
            longer.push(leaf);
            assert_eq!(verify_inclusion(leaf, index, size, &longer, root), Err(ProofError::WrongLength));
            if let [shorter @ .., _] = proof.as_slice() {
                assert!(verify_inclusion(leaf, index, size, shorter, root).is_err());
            }
        }
    }
    assert_eq!(inclusion_ranges(5, 5), Err(ProofError::OutOfRange));
}

#[test]
fn every_tree_is_proved_to_begin_every_larger_one_and_nothing_else_is() {
    let leaves = numbered(40);
    let (tiles, _) = grown(&leaves, 40);
    let roots: Vec<_> = (0..=40).map(|size| tiles.hash(0..size).unwrap()).collect();
    for new in 0..=40u64 {
        for old in 0..=new {
            let (old_head, new_head) = ((old, roots[old as usize]), (new, roots[new as usize]));
            let proof = tiles.hashes(&consistency_ranges(old, new).unwrap()).unwrap();
            assert_eq!(verify_consistency(old_head, new_head, &proof), Ok(()), "{old} to {new}");
            let forged = (old, leaf_hash(b"forged"));
            assert!(verify_consistency(forged, new_head, &proof).is_err(), "{old} to {new}");
            let mut longer = proof.clone();
            longer.push(roots[1]);
            assert!(verify_consistency(old_head, new_head, &longer).is_err());
            if let [shorter @ .., _] = proof.as_slice() {
                assert!(verify_consistency(old_head, new_head, shorter).is_err());
            }
        }
    }
    assert_eq!(consistency_ranges(2, 1), Err(ProofError::OutOfRange));
    assert_eq!(verify_consistency((2, roots[2]), (1, roots[1]), &[]), Err(ProofError::OutOfRange));
}

#[test]
fn proofs_reach_across_tiles_of_three_levels() {
    let leaves = numbered(66_000);
    let (tiles, root) = grown(&leaves, 4_001);
    let mut accumulator = Accumulator::default();
    let mut older = Vec::new();
    for leaf in &leaves {
        accumulator.push(*leaf);
        if [1, 255, 256, 257, 65_535, 65_536, 65_537].contains(&accumulator.size()) {
            older.push((accumulator.size(), accumulator.root()));
        }
    }
    assert_eq!(accumulator.root(), root);
    for index in [0, 1, 255, 256, 32_767, 65_535, 65_536, 65_999] {
        let ranges = inclusion_ranges(index, 66_000).unwrap();
        assert!(tiles_for(&ranges).len() <= 6);
        let proof = tiles.hashes(&ranges).unwrap();
        assert_eq!(verify_inclusion(leaves[index as usize], index, 66_000, &proof, root), Ok(()), "{index}");
    }
    for old in older {
        let proof = tiles.hashes(&consistency_ranges(old.0, 66_000).unwrap()).unwrap();
        assert_eq!(verify_consistency(old, (66_000, root), &proof), Ok(()), "{}", old.0);
    }
}

#[test]
fn a_growth_without_its_tiles_says_which_is_missing() {
    let id = TileId { level: 0, index: 1 };
    assert_eq!(TreeGrowth::resume(300, |_| None).unwrap_err(), MissingTile(id));
    assert_eq!(TreeGrowth::resume(300, |_| Some(numbered(1))).unwrap_err(), MissingTile(id));
}

#[test]
fn a_proof_is_one_text_that_holds_by_itself_c2sp_tlog_proof() {
    let leaves = numbered(5);
    let (tiles, root) = grown(&leaves, 5);
    let signer = NoteSigner::from_seed("id.example/audit", &[7; 32]).unwrap();
    let checkpoint = Checkpoint { origin: "id.example/audit".into(), size: 5, root };
    let proof = ProofText {
        index: 3,
        hashes: tiles.hashes(&inclusion_ranges(3, 5).unwrap()).unwrap(),
        checkpoint: checkpoint.sign(&signer).unwrap(),
    };
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 3\n"));
    assert_eq!(ProofText::parse(&text), Ok(proof.clone()));
    assert_eq!(ProofText::parse(&text.replace("index", "extra AAAA\nindex")), Ok(proof.clone()));
    assert_eq!(proof.verify(leaves[3], signer.verifier()), Ok(checkpoint));
    assert_eq!(proof.verify(leaves[2], signer.verifier()), Err(ProofError::OtherRoot.into()));
    for wrong in
        ["", "x\n\n", "c2sp.org/tlog-proof@v1\nindex 03\n\n", "c2sp.org/tlog-proof@v1\nindex 3\n?\n\nx"]
    {
        assert_eq!(ProofText::parse(wrong), Err(ProofTextError::Malformed), "{wrong:?}");
    }
}

#[test]
fn a_proof_of_a_lone_leaf_has_no_hashes() {
    let signer = NoteSigner::from_seed("log", &[7; 32]).unwrap();
    let leaf = leaf_hash(b"only");
    let note = Checkpoint { origin: "log".into(), size: 1, root: leaf }.sign(&signer).unwrap();
    let proof = ProofText { index: 0, hashes: Vec::new(), checkpoint: note };
    let read = ProofText::parse(&proof.to_string()).unwrap();
    assert!(read.verify(leaf, signer.verifier()).is_ok());
}
