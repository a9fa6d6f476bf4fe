/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/faces.h"

#include "photogate/digest.h"
#include "photogate/limits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/ocl.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

namespace
{

/* A picture smaller than this shows nobody recognisably, and the detectors' windows do not fit. */
constexpr uint32_t MIN_EDGE_PX = 16;
constexpr uint32_t MAX_EDGE_PX = 32768; /* keeps every product below inside int */

/* YuNet sees a small picture well where faces are large and a large one where they are small; both
 * passes together miss about half of what either does. 0.5 is low on purpose: a false alarm holds
 * a photo, a missed face may publish a child. */
constexpr std::array<int, 2> YUNET_EDGES_PX = {640, 1280};
constexpr float YUNET_MIN_SCORE = 0.5F;

/* YuNet answers on three grids. Each side of its input must be a multiple of the coarsest. */
constexpr std::array<int, 3> YUNET_STRIDES_PX = {8, 16, 32};
constexpr int YUNET_COARSEST_PX = 32;

/* Two boxes that share this much of their union are one face. Heads of a group overlap less. */
constexpr double SAME_FACE = 0.3;

constexpr int CASCADE_EDGE_PX = 1008;

/* Profiles are learnt facing left; the mirrored picture finds those that face right. */
struct cascade_file {
    const char *name;
    double step;   /* from one window size to the next: finer finds more and takes longer */
    int min_votes; /* windows that must agree on a face */
    bool also_mirrored;
};
constexpr std::array<cascade_file, 2> CASCADE_FILES = {{
    {"haarcascade_frontalface_alt2.xml", 1.1, 3, false},
    {"haarcascade_profileface.xml", 1.2, 5, true},
}};

constexpr int32_t WHOLE_PPM = 1000000;

/* A face in parts of the picture's width and height. */
struct finding {
    double x0, y0, x1, y1;
    double score;

    double area() const { return std::max(0.0, x1 - x0) * std::max(0.0, y1 - y0); }
};

/* What OpenCV would print belongs into the message of the exception, which the guard keeps. */
int print_nothing(int, const char *, const char *, const char *, int, void *)
{
    return 0;
}

/* The one way in and out: nothing thrown leaves this file. */
template <typename Body> enum status guarded(struct err *err, Body body) noexcept
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return err_set(err, STATUS_NOMEM, "out of memory while looking for faces");
    } catch (const cv::Exception &e) {
        if (e.code == cv::Error::StsNoMem) {
            return err_set(err, STATUS_NOMEM, "out of memory while looking for faces");
        }
        return err_set(err, STATUS_LIBRARY, "OpenCV failed (code %d, %.64s)", e.code,
                       e.func.c_str());
    } catch (const std::exception &e) {
        return err_set(err, STATUS_LIBRARY, "face detector: %.200s", e.what());
    } catch (...) {
        return err_set(err, STATUS_LIBRARY, "face detector: an unknown failure");
    }
}

void quieten_opencv()
{
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError(print_nothing);
    cv::ocl::setUseOpenCL(false);
    cv::setNumThreads(1);
}

cv::Size fitted(cv::Size picture, int edge_px)
{
    double scale = static_cast<double>(edge_px) / std::max(picture.width, picture.height);
    return {std::max(1, cvRound(picture.width * scale)),
            std::max(1, cvRound(picture.height * scale))};
}

void resize_to(const cv::Mat &from, cv::Mat &to, cv::Size size)
{
    bool smaller = size.area() < from.size().area();
    cv::resize(from, to, size, 0, 0, smaller ? cv::INTER_AREA : cv::INTER_LINEAR);
}

int round_up(int n, int multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/* One kind of detector: adds what it finds in a BGR picture. */
class finder
{
  public:
    finder() = default;
    finder(const finder &) = delete;
    finder &operator=(const finder &) = delete;
    virtual ~finder() = default;
    virtual void find(const cv::Mat &bgr, std::vector<finding> &out) = 0;
};

class yunet final : public finder
{
  public:
    explicit yunet(struct bytes model)
    {
        for (size_t i = 0; i < nets_.size(); i++) {
            nets_[i] = cv::dnn::readNetFromONNX(reinterpret_cast<const char *>(model.at), model.n);
            nets_[i].setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
            nets_[i].setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        }
    }

    void find(const cv::Mat &bgr, std::vector<finding> &out) override
    {
        for (size_t i = 0; i < nets_.size(); i++) {
            look_once(nets_[i], YUNET_EDGES_PX[i], bgr, out);
        }
    }

  private:
    /* A net per scale, so that photos of one shape reuse its buffers. */
    std::array<cv::dnn::Net, YUNET_EDGES_PX.size()> nets_;

    static void look_once(cv::dnn::Net &net, int edge_px, const cv::Mat &bgr,
                          std::vector<finding> &out)
    {
        cv::Mat scaled;
        cv::Mat padded;
        cv::Size size = fitted(bgr.size(), edge_px);
        resize_to(bgr, scaled, size);
        /* Letterboxed at the right and the bottom, never distorted: faces keep their shape. */
        cv::copyMakeBorder(scaled, padded, 0,
                           round_up(size.height, YUNET_COARSEST_PX) - size.height, 0,
                           round_up(size.width, YUNET_COARSEST_PX) - size.width,
                           cv::BORDER_CONSTANT, cv::Scalar::all(0));
        /* The model takes blue, green, red as they are, 0 to 255. */
        net.setInput(cv::dnn::blobFromImage(padded));

        static const std::vector<cv::String> NAMES = {"cls_8",  "cls_16",  "cls_32",
                                                      "obj_8",  "obj_16",  "obj_32",
                                                      "bbox_8", "bbox_16", "bbox_32"};
        std::vector<cv::Mat> answers;
        net.forward(answers, NAMES);
        const size_t n = YUNET_STRIDES_PX.size();
        for (size_t i = 0; i < n; i++) {
            decode(answers.at(i), answers.at(n + i), answers.at(2 * n + i), padded.size(), size,
                   YUNET_STRIDES_PX[i], out);
        }
    }

    /* One grid: in each cell a class score, an objectness, and a box as offset of its centre from
     * the cell's corner and logarithm of its size, both in strides (libfacedetection.train, yunet
     * head; the same as FaceDetectorYN decodes). */
    static void decode(const cv::Mat &cls, const cv::Mat &obj, const cv::Mat &box, cv::Size input,
                       cv::Size picture, int stride, std::vector<finding> &out)
    {
        const int columns = input.width / stride;
        const int rows = input.height / stride;
        const size_t cells = static_cast<size_t>(columns) * static_cast<size_t>(rows);
        if (cls.type() != CV_32F || obj.type() != CV_32F || box.type() != CV_32F ||
            cls.total() != cells || obj.total() != cells || box.total() != cells * 4) {
            throw std::runtime_error("YuNet's answer has another shape than its grid");
        }
        const float *c = cls.ptr<float>();
        const float *o = obj.ptr<float>();
        const float *b = box.ptr<float>();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++, c++, o++, b += 4) {
                float score = std::sqrt(std::clamp(*c, 0.0F, 1.0F) * std::clamp(*o, 0.0F, 1.0F));
                if (!std::isfinite(score) || !std::isfinite(b[0] + b[1] + b[2] + b[3])) {
                    throw std::runtime_error("YuNet's answer is not a number");
                }
                if (score < YUNET_MIN_SCORE) {
                    continue;
                }
                double cx = (column + static_cast<double>(b[0])) * stride / picture.width;
                double cy = (row + static_cast<double>(b[1])) * stride / picture.height;
                double w = std::exp(static_cast<double>(b[2])) * stride / picture.width;
                double h = std::exp(static_cast<double>(b[3])) * stride / picture.height;
                out.push_back({cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score});
            }
        }
    }
};

class cascades final : public finder
{
  public:
    /* False if a file is not there or not a cascade. */
    bool load(const std::string &folder, struct err *err)
    {
        for (size_t i = 0; i < CASCADE_FILES.size(); i++) {
            if (!loaded_[i].load(folder + "/" + CASCADE_FILES[i].name)) {
                (void)err_set(err, STATUS_IO, "%s is not in %.200s (Debian package opencv-data)",
                              CASCADE_FILES[i].name, folder.c_str());
                return false;
            }
        }
        return true;
    }

    void find(const cv::Mat &bgr, std::vector<finding> &out) override
    {
        cv::Mat gray;
        cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
        if (std::max(gray.cols, gray.rows) > CASCADE_EDGE_PX) {
            cv::Mat smaller;
            resize_to(gray, smaller, fitted(gray.size(), CASCADE_EDGE_PX));
            gray = smaller;
        }
        cv::equalizeHist(gray, gray);
        cv::Mat mirrored;
        cv::flip(gray, mirrored, 1);
        for (size_t i = 0; i < CASCADE_FILES.size(); i++) {
            look_once(loaded_[i], CASCADE_FILES[i], gray, false, out);
            if (CASCADE_FILES[i].also_mirrored) {
                look_once(loaded_[i], CASCADE_FILES[i], mirrored, true, out);
            }
        }
    }

  private:
    std::array<cv::CascadeClassifier, CASCADE_FILES.size()> loaded_;

    static void look_once(cv::CascadeClassifier &cascade, const cascade_file &how,
                          const cv::Mat &gray, bool is_mirrored, std::vector<finding> &out)
    {
        std::vector<cv::Rect> boxes;
        std::vector<int> votes;
        cascade.detectMultiScale(gray, boxes, votes, how.step, how.min_votes);
        for (size_t i = 0; i < boxes.size(); i++) {
            const cv::Rect &r = boxes[i];
            double x0 = static_cast<double>(r.x) / gray.cols;
            double w = static_cast<double>(r.width) / gray.cols;
            double y0 = static_cast<double>(r.y) / gray.rows;
            double h = static_cast<double>(r.height) / gray.rows;
            if (is_mirrored) {
                x0 = 1 - x0 - w;
            }
            /* A cascade has no probability; the windows that agreed order its findings. */
            double agreed = std::max(1, i < votes.size() ? votes[i] : 1);
            out.push_back({x0, y0, x0 + w, y0 + h, agreed / (agreed + 1)});
        }
    }
};

double shared_part(const finding &a, const finding &b)
{
    finding both = {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1),
                    std::min(a.y1, b.y1), 0};
    double common = both.area();
    double whole = a.area() + b.area() - common;
    return whole > 0 ? common / whole : 0;
}

/* Surest first, then by place: the order, and so the answer, does not depend on the passes'. */
bool is_surer(const finding &a, const finding &b)
{
    if (a.score != b.score) {
        return a.score > b.score;
    }
    return a.y0 != b.y0 ? a.y0 < b.y0 : a.x0 < b.x0;
}

/* One finding a face: of those that overlap the surest stays. Each is clipped to the picture
 * first. */
std::vector<finding> merged(std::vector<finding> all)
{
    for (finding &f : all) {
        f.x0 = std::clamp(f.x0, 0.0, 1.0);
        f.y0 = std::clamp(f.y0, 0.0, 1.0);
        f.x1 = std::clamp(f.x1, 0.0, 1.0);
        f.y1 = std::clamp(f.y1, 0.0, 1.0);
    }
    std::sort(all.begin(), all.end(), is_surer);
    std::vector<finding> kept;
    for (const finding &f : all) {
        bool is_seen = std::any_of(kept.begin(), kept.end(),
                                   [&](const finding &k) { return shared_part(f, k) > SAME_FACE; });
        if (f.area() > 0 && !is_seen) {
            kept.push_back(f);
        }
    }
    std::stable_sort(kept.begin(), kept.end(),
                     [](const finding &a, const finding &b) { return a.area() > b.area(); });
    return kept;
}

int32_t to_ppm(double part)
{
    return static_cast<int32_t>(std::lround(part * WHOLE_PPM));
}

struct face to_face(const finding &f)
{
    struct face out = {};
    out.box.x_ppm = std::min(to_ppm(f.x0), WHOLE_PPM - 1);
    out.box.y_ppm = std::min(to_ppm(f.y0), WHOLE_PPM - 1);
    out.box.w_ppm = std::max(1, to_ppm(f.x1) - out.box.x_ppm);
    out.box.h_ppm = std::max(1, to_ppm(f.y1) - out.box.y_ppm);
    out.score_ppm = static_cast<uint32_t>(to_ppm(std::clamp(f.score, 0.0, 1.0)));
    return out;
}

} // namespace

struct detector {
    enum assurance assurance = ASSURANCE_NONE;
    std::string description;
    std::unique_ptr<finder> how;
};

namespace
{

enum status open_yunet(struct bytes model, struct detector &d, struct err *err)
{
    struct digest digest = {};
    enum status st = digest_of(model, &digest, err);
    if (st != STATUS_OK) {
        return st;
    }
    char hex[DIGEST_HEX_BYTES];
    if (std::string(digest_hex(&digest, hex)) != YUNET_SHA256) {
        return err_set(err, STATUS_FORMAT,
                       "not the known face model: its SHA-256 is %.12s..., expected %.12s...", hex,
                       YUNET_SHA256);
    }
    d.how = std::make_unique<yunet>(model);
    d.assurance = ASSURANCE_HIGH;
    d.description = "YuNet 2023mar (SHA-256 " + std::string(YUNET_SHA256).substr(0, 8) +
                    "...) at " + std::to_string(YUNET_EDGES_PX.front()) + " and " +
                    std::to_string(YUNET_EDGES_PX.back()) + " px";
    return STATUS_OK;
}

enum status open_cascades(const char *folder, struct detector &d, struct err *err)
{
    if (!folder) {
        return err_set(err, STATUS_IO, "neither a face model nor a folder of cascades");
    }
    auto how = std::make_unique<cascades>();
    if (!how->load(folder, err)) {
        return STATUS_IO;
    }
    d.how = std::move(how);
    d.assurance = ASSURANCE_LOW;
    d.description = "OpenCV's Haar cascades frontalface_alt2 and profileface at " +
                    std::to_string(CASCADE_EDGE_PX) + " px (a stand-in that misses many faces)";
    return STATUS_OK;
}

constexpr int WARM_UP_EDGE_PX = 256;

/* Once over a made picture, at the largest shape there is, so that whatever OpenCV does lazily
 * (threads, tables, plug-ins) is done before the process is confined. */
void warm_up(finder &how)
{
    /* Mostly black: a cascade spends a second on noise, and learns nothing more from it. */
    cv::Mat picture = cv::Mat::zeros(DETECT_EDGE_PX, DETECT_EDGE_PX, CV_8UC3);
    cv::Mat corner = picture(cv::Rect(0, 0, WARM_UP_EDGE_PX, WARM_UP_EDGE_PX));
    cv::RNG(1).fill(corner, cv::RNG::UNIFORM, 0, 256);
    std::vector<finding> ignored;
    how.find(picture, ignored);
}

} // namespace

enum status detector_open(struct bytes model, const char *cascade_dir, struct detector **out,
                          struct err *err)
{
    return guarded(err, [&] {
        quieten_opencv();
        auto d = std::make_unique<struct detector>();
        enum status st = model.n ? open_yunet(model, *d, err) : open_cascades(cascade_dir, *d, err);
        if (st == STATUS_OK) {
            warm_up(*d->how);
            *out = d.release();
        }
        return st;
    });
}

void detector_close(struct detector *d)
{
    delete d;
}

enum assurance detector_assurance(const struct detector *d)
{
    return d->assurance;
}

const char *detector_description(const struct detector *d)
{
    return d->description.c_str();
}

enum status detector_find(struct detector *d, const struct pixels *picture, struct face *faces,
                          size_t cap, size_t *n_faces, struct err *err)
{
    return guarded(err, [&] {
        if (!d || !picture || !picture->at || (cap && !faces)) {
            return err_set(err, STATUS_BUG, "looking for faces without a detector or a picture");
        }
        if (std::min(picture->width_px, picture->height_px) < MIN_EDGE_PX ||
            std::max(picture->width_px, picture->height_px) > MAX_EDGE_PX) {
            return err_set(err, STATUS_UNSUPPORTED,
                           "cannot look for faces in a picture of %u x %u pixels",
                           picture->width_px, picture->height_px);
        }
        const cv::Mat bgr(static_cast<int>(picture->height_px), static_cast<int>(picture->width_px),
                          CV_8UC3, picture->at);
        std::vector<finding> all;
        d->how->find(bgr, all);
        std::vector<finding> kept = merged(std::move(all));
        for (size_t i = 0; i < std::min(cap, kept.size()); i++) {
            faces[i] = to_face(kept[i]);
        }
        *n_faces = kept.size();
        return STATUS_OK;
    });
}
