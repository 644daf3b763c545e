//! The exported file, verified by whoever has the public key.

use khue::base::Clock;
use khue::crypto::transparency::{NoteSigner, VerifierKey};
use khue::services::audit::bundle::export;
use khue::services::audit::verify::{Finding, Report, verify_bundle};

use super::kept_log::{KeptLog, both};

async fn exported(kept: &KeptLog) -> String {
    let mut file = Vec::new();
    let size = export(&kept.fresh.db, kept.log.verifier(), kept.clock.now(), &*kept.entropy, &mut file)
        .await
        .unwrap();
    assert!(size > 0);
    String::from_utf8(file).unwrap()
}

fn verify(file: &str, key: &VerifierKey) -> Report {
    verify_bundle(file.as_bytes(), key, &[]).unwrap()
}

#[tokio::test]
async fn an_export_verifies_with_the_key_alone_and_is_recorded() {
    for kept in both().await {
        kept.integrate(600).await;
        kept.integrate(100).await;
        let file = exported(&kept).await;
        let report = verify(&file, kept.log.verifier());
        assert_eq!(report, Report { size: 700, checkpoints: 6, pending: 0, findings: vec![] });
        assert_eq!(
            kept.log.integrate().await.unwrap(),
            khue::services::audit::Integrated::UpTo { size: 701, more: false }
        );
        let mut tx = kept.fresh.db.read().await.unwrap();
        let last = tx.audit_entries_between(700, 701).await.unwrap().remove(0);
        assert_eq!(
            (last.entry.kind.as_str(), last.entry.facts.as_str()),
            ("audit.exported", r#"{"size":700}"#)
        );
    }
}

#[tokio::test]
async fn an_export_that_was_changed_tells_where() {
    for kept in both().await {
        let ids = kept.integrate(300).await;
        let file = exported(&kept).await;
        let key = kept.log.verifier();
        let lines: Vec<&str> = file.lines().collect();
        let line_of = |place: usize| {
            lines
                .iter()
                .position(|line| line.starts_with(&format!(r#"{{"entry":{{"index":{place},"#)))
                .unwrap()
        };

        let changed = file.replacen("\"not_proved\"", "\"not_provex\"", 1);
        assert_eq!(verify(&changed, key).findings, [Finding::EntryChanged { index: 0, id: ids[0] }]);

        let mut fewer = lines.clone();
        fewer.remove(line_of(270));
        let missing = Finding::EntriesMissing { first: 270, last: 270 };
        assert_eq!(verify(&fewer.join("\n"), key).findings, std::slice::from_ref(&missing));

        let mut garbled = lines.clone();
        let number = line_of(270);
        garbled[number] = "{";
        assert_eq!(
            verify(&garbled.join("\n"), key).findings,
            [Finding::LineUnreadable { line: number as u64 + 1 }, missing]
        );

        // Lines out of order say the same; entries in each other's place do not.
        let mut shuffled = lines.clone();
        shuffled.swap(line_of(3), line_of(299));
        assert_eq!(verify(&shuffled.join("\n"), key).findings, []);
        let (a, b) = (ids[3].to_string(), ids[299].to_string());
        let swapped = file.replace(&a, "?").replace(&b, &a).replace('?', &b);
        assert_eq!(verify(&swapped, key).findings.len(), 2);

        let mut more = lines.clone();
        let added =
            lines[line_of(299)].replace(r#""index":299"#, r#""index":300"#).replace("not_proved", "x");
        more.push(&added);
        assert_eq!(
            verify(&more.join("\n"), key).findings,
            [Finding::EntryAdded { index: 300, id: ids[299] }]
        );

        let cut = lines[..line_of(100)].join("\n");
        let findings = verify(&cut, key).findings;
        assert!(findings.contains(&Finding::EntriesMissing { first: 100, last: 299 }), "{findings:?}");
    }
}

#[tokio::test]
async fn an_export_says_nothing_to_another_key() {
    for kept in both().await {
        kept.integrate(3).await;
        let file = exported(&kept).await;
        let other = NoteSigner::from_seed("id.example/audit", &[1; 32]).unwrap();
        let findings = verify(&file, other.verifier()).findings;
        assert!(findings.contains(&Finding::NothingSigned), "{findings:?}");
        assert!(verify("", kept.log.verifier()).findings.contains(&Finding::NothingSigned));
    }
}
