"""The words that staff write for values of the contract; the first of each is the one of the templates."""

from collections.abc import Mapping

Words = Mapping[str, tuple[str, ...]]
"""Values of the contract, each with the words that stand for it."""

RESULT_WORDS: Words = {
    "met": ("đạt", "có đạt", "met"),
    "not_met": ("chưa đạt", "không đạt", "not met", "not_met"),
    "not_assessed": ("chưa đánh giá", "không đánh giá", "not assessed", "not_assessed"),
}
KIND_WORDS: Words = {
    "định kỳ": ("định kỳ", "định kì", "kiểm tra định kỳ", "periodic", "regular"),
    "đột xuất": ("đột xuất", "kiểm tra đột xuất", "unannounced"),
    "phúc tra": ("phúc tra", "kiểm tra lại", "follow-up"),
    "thực địa": ("thực địa", "kiểm tra thực địa", "on site"),
}
RECOMMENDATION_WORDS: Words = {
    "open": ("chưa thực hiện", "chưa giải quyết", "chưa xử lý", "mới", "open"),
    "in_progress": ("đang thực hiện", "đang giải quyết", "đang xử lý", "in progress", "in_progress"),
    "done": ("đã thực hiện", "đã giải quyết", "đã xử lý", "hoàn thành", "đã hoàn thành", "xong", "done"),
}
TASK_WORDS: Words = {
    "not_stated": ("nguồn không nêu", "không nêu", "not stated", "not_stated"),
    "planned": ("dự kiến", "theo kế hoạch", "chưa phân công", "planned"),
    "assigned": ("đã phân công", "phân công", "assigned"),
    "done": ("đã hoàn thành", "hoàn thành", "đã thực hiện", "xong", "done"),
}
COMPLETE_WORDS: Words = {
    "yes": ("có", "đầy đủ", "đã đầy đủ", "yes"),
    "no": ("không", "chưa", "chưa đầy đủ", "no"),
}
PHASE_WORDS: Words = {
    "before": ("trước", "trước sự kiện", "before"),
    "during": ("trong", "trong sự kiện", "during"),
    "after": ("sau", "sau sự kiện", "after"),
}
FIELD_WORDS: Words = {
    "ANTT": ("ANTT", "an ninh trật tự", "an ninh, trật tự", "security"),
    "TTATGT": ("TTATGT", "trật tự an toàn giao thông", "trật tự, an toàn giao thông", "traffic"),
    "PCCC": ("PCCC", "phòng cháy chữa cháy", "phòng cháy, chữa cháy", "fire"),
}
ROLE_WORDS: Words = {
    "pilot": ("thí điểm", "xây dựng thí điểm", "phường thí điểm", "pilot"),
    "visit_site": ("điểm tham quan", "tham quan", "visit site", "visit_site"),
}
STAGE_WORDS: Words = {
    "registered": ("đăng ký", "đã đăng ký", "registered"),
    "building": ("đang xây dựng", "xây dựng", "building"),
    "self_assessed": ("tự đánh giá", "đã tự đánh giá", "self-assessed", "self_assessed"),
    "inspected": ("đã kiểm tra", "inspected"),
    "proposed": ("đề nghị công nhận", "đã đề nghị công nhận", "proposed"),
    "recognised": ("được công nhận", "đã công nhận", "công nhận", "recognised", "recognized"),
    "not_met": ("chưa đạt", "không đạt", "not met", "not_met"),
}
PRECISION_WORDS: Words = {
    "surveyed": ("đo tại chỗ", "đo đạc", "khảo sát", "đo GPS", "GPS", "surveyed"),
    "address": ("theo địa chỉ", "địa chỉ", "address"),
    "ward_reference_point": ("điểm đại diện của phường", "điểm đại diện", "ward_reference_point"),
}
CLASSIFICATION_WORDS: Words = {
    "không": ("không", "không mật", "thường", "bình thường", "công khai", "none", "public"),
    "nội bộ": ("nội bộ", "lưu hành nội bộ", "tài liệu nội bộ", "internal"),
}
"""Grades that may enter; the secret ones, and whatever is not known, may not."""

SECRET_GRADES = ("mật", "tối mật", "tuyệt mật", "confidential", "secret", "top secret")
