consent-title = Bạn có đồng ý chia sẻ thông tin?
consent-lead = { $system } xin nhận thông tin sau của bạn.
consent-essential = Thông tin cần thiết
consent-essential-hint = Thiếu các thông tin này, hệ thống không phục vụ bạn được.
consent-given = Thông tin được chia sẻ không cần hỏi
consent-given-hint = Căn cứ không phải là sự đồng ý, nên bạn không cần chọn.
consent-optional = Thông tin tùy bạn
consent-optional-hint = Bạn chỉ đánh dấu những gì bạn muốn chia sẻ.
consent-called = Làm việc thay bạn ở nơi khác
consent-called-hint = Hệ thống này xin được gọi các hệ thống sau nhân danh bạn.
consent-details = Đúng những việc này
consent-details-hint = Bạn chỉ đồng ý với đúng những gì ghi ở đây.
consent-withdraw-note = Bạn rút lại sự đồng ý lúc nào cũng được, trong tài khoản của bạn.
consent-allow = Đồng ý
consent-decline = Từ chối
consent-policy = Hệ thống giữ thông tin thế nào (cửa sổ mới)
consent-terms = Điều khoản sử dụng (cửa sổ mới)
notice-title = Thông tin được chia sẻ
notice-lead = { $system } nhận thông tin sau của bạn để làm nhiệm vụ được giao.

# The page that carries an answer back.
form-post-title = Đang đưa bạn trở lại hệ thống
form-post-lead = Nếu trang không tự chuyển, bạn hãy bấm nút bên dưới.
