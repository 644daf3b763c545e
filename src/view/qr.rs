//! QR codes, drawn as one path: they need no image, no script and no style of their own.

use qrcode::{Color, EcLevel};

/// The quiet zone around the modules (ISO/IEC 18004 §5.3.8).
const MARGIN: usize = 4;

/// A code that a phone reads from the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrCode {
    side: usize,
    path: String,
}

impl QrCode {
    /// The code of an address; nothing where it is longer than any code holds.
    pub fn of(address: &str) -> Option<Self> {
        let code = qrcode::QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
        let (width, colors) = (code.width(), code.to_colors());
        let mut path = String::new();
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    path.push_str(&format!("M{} {}h{}v1h-{}z", x + MARGIN, y + MARGIN, run.len(), run.len()));
                }
                x += run.len();
            }
        }
        Some(Self { side: width + 2 * MARGIN, path })
    }

    /// How many modules each side has, margin included.
    pub const fn side(&self) -> usize {
        self.side
    }

    /// What is dark.
    pub fn path(&self) -> &str {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_drawn_and_a_book_is_not() {
        let code = QrCode::of("https://id.example.vn/device/verify?user_code=BCDF-GHJK").unwrap();
        // The first row begins with the upper edge of the finder pattern: seven dark modules.
        assert!(code.path().starts_with("M4 4h7v1h-7z"), "{}", code.path());
        assert_eq!((code.side() - 8 - 17) % 4, 0, "a version's width");
        assert_eq!(QrCode::of(&"x".repeat(5_000)), None);
    }
}
