sign-out = Đăng xuất
sign-out-short = Khỏi mọi hệ thống trên máy này
sign-out-title = Bạn muốn đăng xuất?
sign-out-lead = Bạn sẽ đăng xuất khỏi mọi hệ thống đã vào bằng tài khoản này.
sign-out-everywhere = Đăng xuất khỏi mọi hệ thống
sign-out-stay = Hủy
signed-out-title = Bạn đã đăng xuất
signed-out-lead = Nếu dùng chung máy, bạn hãy đóng trình duyệt.
