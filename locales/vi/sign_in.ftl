sign-in-title = Đăng nhập
sign-in-lead = Dùng khóa truy cập (passkey): vân tay, khuôn mặt hoặc mã mở khóa máy của bạn.
sign-in-field = Tài khoản
sign-in-field-hint = Chạm vào ô để chọn khóa có sẵn, hoặc bấm nút bên dưới.
sign-in-button = Đăng nhập bằng khóa truy cập
sign-in-new = Bạn chưa có tài khoản?
sign-in-trouble = Không đăng nhập được?
create-link = Tạo tài khoản
select-account-title = Bạn dùng tài khoản nào?
select-account-this = Tiếp tục với tài khoản này
select-account-other = Dùng tài khoản khác
confirm-title = Xác nhận đó là bạn
confirm-lead = { $name }, bạn hãy xác nhận lại bằng khóa truy cập (passkey) để tiếp tục.
confirm-button = Xác nhận bằng khóa truy cập

# Where passkeys do not work.
no-script-title = Trình duyệt đang tắt JavaScript
no-script-todo = Bước này cần JavaScript. Bạn hãy bật lên rồi tải lại trang, hoặc dùng trình duyệt khác.
no-passkey-title = Trình duyệt này chưa dùng được khóa truy cập (passkey)
no-passkey-phone = Mở trang này trên điện thoại hoặc máy tính khác.
no-passkey-browser = Dùng bản mới của Chrome, Safari, Edge, Firefox hoặc Cốc Cốc.
no-passkey-help = Xem các cách khác trong trang trợ giúp

# Said by the script.
script-waiting = Đang chờ thiết bị của bạn…
script-cancelled = Bạn chưa xác nhận, hoặc đã hết thời gian chờ. Bạn hãy bấm nút để thử lại.
script-already = Thiết bị này đã có khóa của tài khoản. Bạn hãy dùng thiết bị khác.
script-address = Địa chỉ trang không đúng với nơi đã tạo khóa. Bạn hãy mở lại từ hệ thống ban đầu.
script-failed = Thiết bị chưa trả lời được. Bạn hãy thử lại, hoặc dùng thiết bị khác.

# Troubles with a passkey.
passkey-refused = Khóa truy cập (passkey) chưa được chấp nhận
    .what = Câu trả lời của thiết bị không khớp.
    .todo = Bạn hãy thử lại. Nếu vẫn không được, bạn dùng khóa khác.
passkey-too-late = Đã quá thời gian chờ
    .what = Bước xác nhận kéo dài quá lâu.
    .todo = Bạn hãy bấm nút để làm lại.
passkey-not-sent = Chưa nhận được khóa truy cập (passkey)
    .what = Trình duyệt chưa gửi câu trả lời của thiết bị.
    .todo = Bạn hãy bật JavaScript, hoặc dùng trình duyệt hay điện thoại khác.
passkey-already-added = Khóa truy cập (passkey) này đã có rồi
    .what = Khóa này đã nằm trong một tài khoản.
    .todo = Bạn hãy dùng thiết bị khác để thêm khóa mới.
passkey-not-verified = Thiết bị chưa kiểm tra đó là bạn
    .what = Thiết bị không hỏi vân tay, khuôn mặt hoặc mã mở khóa.
    .todo = Bạn hãy đặt khóa màn hình cho thiết bị rồi thử lại.

# In a sandbox alone.
sandbox-title = Vào bằng một người giả định
sandbox-lead = Chỉ có trong môi trường thử nghiệm: không cần khóa truy cập, và không chứng minh điều gì.
sandbox-person = Người
sandbox-button = Đăng nhập với tên người này
person-parent = phụ huynh
person-pupil = học sinh
person-teacher = giáo viên
person-candidate = thí sinh
person-representative = người đại diện theo pháp luật
person-clerk = nhân viên văn thư
person-civil-servant = công chức
person-security-officer = cán bộ an ninh thông tin
