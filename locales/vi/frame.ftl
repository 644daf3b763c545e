# Words that stand around every page.
ministry = Bộ Giáo dục và Đào tạo
promise = Một tài khoản cho mọi hệ thống của ngành Giáo dục
promise-more = Đăng nhập một lần, an toàn, không cần mật khẩu.
vow = Bộ Giáo dục và Đào tạo không bao giờ gọi điện hỏi mã OTP.
skip = Đến nội dung chính
help = Trợ giúp
support-phone = Tổng đài:
reference = Mã tham chiếu
sandbox-note = Đây là môi trường thử nghiệm. Mọi người ở đây đều là nhân vật giả định; bạn đừng nhập thông tin thật.
demo-note = Đây là bản trình diễn. Bạn đừng nhập thông tin thật.
system-caption = Bạn đang vào hệ thống
system-caption-from = Hệ thống
optional = (không bắt buộc)
continue = Tiếp tục
back = Quay lại
cancel = Hủy
save = Lưu
remove = Gỡ bỏ
rename = Đổi tên
not-me = Không phải tôi
signed-in-as = Bạn đang đăng nhập với tên
return-to = Quay lại { $system }
home-link = Về trang đầu
answer-yes = Có
answer-no = Không

# Fields of forms.
field-name = Họ và tên
field-email = Email
field-phone = Số điện thoại
field-phone-hint = Ví dụ: 0912 345 678
field-birthdate = Ngày sinh
field-birthdate-hint = Ngày/tháng/năm, ví dụ 02/09/1988. Bạn có thể chỉ ghi năm.
field-gender = Giới tính
field-address = Địa chỉ
field-label = Tên gợi nhớ
field-label-hint = Để bạn nhận ra khóa này, ví dụ: Điện thoại của tôi.
gender-female = Nữ
gender-male = Nam
gender-other = Khác
gender-unsaid = Không nêu

# What is wrong with a field, and how to put it right.
problems-title = Bạn xem lại giúp các ô sau
wrong-missing = Bạn chưa điền ô này.
wrong-too-long = Nội dung quá dài. Bạn chỉ ghi tối đa { $count } ký tự.
wrong-hidden = Có ký tự không nhìn thấy được. Bạn hãy xóa và gõ lại.
wrong-malformed = Nội dung chưa đúng. Bạn hãy xem và sửa lại.
wrong-email = Email chưa đúng dạng. Ví dụ đúng: ten@example.vn
wrong-phone = Số điện thoại chưa đúng. Ví dụ đúng: 0912 345 678
wrong-birthdate = Ngày sinh chưa đúng. Ví dụ đúng: 02/09/1988

# What was just done.
done-account-created = Tài khoản của bạn đã sẵn sàng.
done-profile-saved = Đã lưu thông tin của bạn.
done-passkey-added = Đã thêm khóa truy cập (passkey).
done-passkey-renamed = Đã đổi tên khóa truy cập (passkey).
done-passkey-removed = Đã gỡ khóa truy cập (passkey).
done-session-ended = Đã đăng xuất thiết bị đó.
done-other-sessions-ended = Đã đăng xuất mọi thiết bị khác.
done-consent-withdrawn = Đã rút lại sự đồng ý.

# What systems receive.
shared-name = Họ và tên
shared-birthdate = Ngày sinh
shared-gender = Giới tính
shared-email = Email
shared-email-verified = Email đã được xác minh hay chưa
shared-phone = Số điện thoại
shared-phone-verified = Số điện thoại đã được xác minh hay chưa
shared-address = Địa chỉ
shared-language = Ngôn ngữ bạn chọn
shared-updated-at = Ngày cập nhật thông tin
shared-age-over-14 = Đã đủ 14 tuổi hay chưa
shared-age-over-16 = Đã đủ 16 tuổi hay chưa
shared-age-over-18 = Đã đủ 18 tuổi hay chưa
shared-proofing-level = Mức độ xác minh danh tính
shared-stay-connected = Giữ kết nối cả khi bạn không mở hệ thống
proofing-self-asserted = Bạn tự khai
basis = Căn cứ pháp lý
basis-consent = Sự đồng ý của bạn
basis-law = Quy định của pháp luật
basis-contract = Hợp đồng với bạn
basis-emergency = Tình huống khẩn cấp
purpose = Mục đích xử lý
responsible = Bên chịu trách nhiệm
