//! What a demo says when it is ready.

use std::path::Path;

use crate::demo::Look;

/// The addresses, in Vietnamese and English.
pub fn banner(port: u16, folder: &Path) -> String {
    let (portal, office) = (Look::Portal, Look::Office);
    format!(
        "\
Khuê đã sẵn sàng · Khuê is ready

  Bắt đầu ở đây · Start here
    {:<20} http://127.0.0.1:{}   {}
    {:<20} http://127.0.0.1:{}   {}

  Tài khoản của bạn · Your account
    {:<20} http://localhost:{port}

  Dữ liệu nằm trong · Everything is kept in   {}
  Dừng lại · Stop                             Ctrl-C
",
        portal.name_vi(),
        port + 1,
        portal.name_en(),
        office.name_vi(),
        port + 2,
        office.name_en(),
        "Khuê",
        folder.display(),
    )
}
