/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "photogate/faces.h"

#include "image/sightings.h"
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

/* YuNet sees large faces best in a small picture and small ones in a large picture. A face shows at
 * several scales, what only looks like one mostly at one; so the scores of all passes are added up:
 * many doubtful looks make a face, and a single sure one does. All numbers were chosen for missed
 * faces first, on photos made worse (turned, dark, blurred, gray, coarse, cropped, small faces in
 * large groups): a false alarm holds a photo, a missed face may publish a child.
 *
 * A head that lies on its side is seen only if the picture is turned. If nobody has been found for
 * sure, a turned look is believed sooner; the fast way does without it otherwise. */
struct search {
    const char *name;
    std::vector<int> edges_px; /* of the upright passes, ascending */
    double together;           /* sum over the passes that makes a face */
    double alone;              /* score in one pass that does */
    double turned;             /* score in a turned pass, when nobody has been found for sure */
    double turned_too;         /* and else; over 1: no turned pass then */
};

constexpr double FLOOR_SCORE = 0.25; /* below, a pass has seen nothing */
constexpr double SURE_SCORE = 0.9;
constexpr int TURNED_EDGE_PX = 640;

const struct search &search_for(enum face_search which)
{
    static const struct search STRICT = {"strict", {640, 960, 1280, 1920}, 1.3, 0.75, 0.6, 0.7};
    static const struct search FAST = {"fast", {640, 1024}, 0.8, 0.65, 0.65, 2};
    return which == FACES_FAST ? FAST : STRICT;
}

enum class turn { NONE, CLOCKWISE, COUNTERCLOCKWISE };

/* YuNet answers on three grids. Each side of its input must be a multiple of the coarsest. */
constexpr std::array<int, 3> YUNET_STRIDES_PX = {8, 16, 32};
constexpr int YUNET_COARSEST_PX = 32;

constexpr int CASCADE_EDGE_PX = 1008;
constexpr uint32_t CASCADE_DECODED_PX = 1280; /* what a decoder gives them to make smaller */

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

/* As `fitted`, and no more pixels than a picture of 4 by 3 has: a square one would take a third more
 * time and memory. */
cv::Size fitted_in_4_by_3(cv::Size picture, int edge_px)
{
    double most = edge_px * (edge_px * 0.75);
    cv::Size size = fitted(picture, edge_px);
    double area = static_cast<double>(size.width) * size.height;
    return area <= most ? size : fitted(picture, cvRound(edge_px * std::sqrt(most / area)));
}

/* The mean over areas is slow, and needed only where pixels would be left out. */
void resize_to(const cv::Mat &from, cv::Mat &to, cv::Size size)
{
    constexpr double NEARLY = 0.75;
    bool smaller = size.width < NEARLY * from.cols || size.height < NEARLY * from.rows;
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
    yunet(struct bytes model, const struct search &how) : how_(how), eyes_(how.edges_px.size())
    {
        for (eye &e : eyes_) {
            load(e, model);
        }
        load(turned_, model);
    }

    void find(const cv::Mat &bgr, std::vector<finding> &out) override
    {
        bool is_large = std::max(bgr.cols, bgr.rows) > how_.edges_px.back();
        if (is_large) {
            /* All passes from here: 1920 to 960 and 640 are whole factors, which is fast. */
            resize_to(bgr, largest_, fitted(bgr.size(), how_.edges_px.back()));
        }
        const cv::Mat &largest = is_large ? largest_ : bgr;
        std::vector<finding> upright = look_upright(largest);
        bool is_sure = std::any_of(upright.begin(), upright.end(),
                                   [](const finding &f) { return f.score >= SURE_SCORE; });
        double least = is_sure ? how_.turned_too : how_.turned;
        out.insert(out.end(), upright.begin(), upright.end());
        if (least > 1) {
            return;
        }
        for (enum turn turn : {turn::CLOCKWISE, turn::COUNTERCLOCKWISE}) {
            std::vector<finding> seen;
            look_once(turned_, TURNED_EDGE_PX, turn, largest, 0, seen);
            for (const finding &f : seen) {
                bool is_known = std::any_of(upright.begin(), upright.end(), [&](const finding &u) {
                    return finding_is_same(&u, &f);
                });
                if (f.score >= least && !is_known) {
                    out.push_back(f);
                }
            }
        }
    }

  private:
    /* One for each scale: photos of one shape reuse its memory, and fresh memory is what costs. */
    struct eye {
        cv::dnn::Net net;
        cv::Mat scaled, stood, padded, blob;
    };

    const struct search &how_;
    std::vector<eye> eyes_;
    eye turned_;
    cv::Mat largest_;

    static void load(eye &to, struct bytes model)
    {
        to.net = cv::dnn::readNetFromONNX(reinterpret_cast<const char *>(model.at), model.n);
        to.net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        to.net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    }

    std::vector<finding> look_upright(const cv::Mat &bgr)
    {
        std::vector<finding> seen;
        for (size_t i = 0; i < eyes_.size(); i++) {
            look_once(eyes_[i], how_.edges_px[i], turn::NONE, bgr, static_cast<unsigned>(i), seen);
        }
        seen.resize(findings_agree(seen.data(), seen.size(), how_.alone, how_.together));
        return seen;
    }

    static void look_once(eye &e, int edge_px, enum turn turn, const cv::Mat &bgr, unsigned pass,
                          std::vector<finding> &out)
    {
        resize_to(bgr, e.scaled, fitted_in_4_by_3(bgr.size(), edge_px));
        if (turn != turn::NONE) {
            cv::rotate(e.scaled, e.stood,
                       turn == turn::CLOCKWISE ? cv::ROTATE_90_CLOCKWISE
                                               : cv::ROTATE_90_COUNTERCLOCKWISE);
        }
        const cv::Mat &stood = turn == turn::NONE ? e.scaled : e.stood;
        cv::Size size = stood.size();
        /* Letterboxed at the right and the bottom, never distorted: faces keep their shape. */
        cv::copyMakeBorder(stood, e.padded, 0,
                           round_up(size.height, YUNET_COARSEST_PX) - size.height, 0,
                           round_up(size.width, YUNET_COARSEST_PX) - size.width,
                           cv::BORDER_CONSTANT, cv::Scalar::all(0));
        /* The model takes blue, green, red as they are, 0 to 255. */
        cv::dnn::blobFromImage(e.padded, e.blob);
        e.net.setInput(e.blob);

        static const std::vector<cv::String> NAMES = {"cls_8",  "cls_16",  "cls_32",
                                                      "obj_8",  "obj_16",  "obj_32",
                                                      "bbox_8", "bbox_16", "bbox_32"};
        std::vector<cv::Mat> answers;
        std::vector<finding> seen;
        e.net.forward(answers, NAMES);
        const size_t n = YUNET_STRIDES_PX.size();
        for (size_t i = 0; i < n; i++) {
            decode(answers.at(i), answers.at(n + i), answers.at(2 * n + i), e.padded.size(), size,
                   YUNET_STRIDES_PX[i], seen);
        }
        for (const finding &f : seen) {
            out.push_back(turned_back(f, turn, pass));
        }
    }

    /* From a picture turned clockwise, whose left is the upright one's bottom, or the other way. */
    static finding turned_back(const finding &f, enum turn turn, unsigned pass)
    {
        switch (turn) {
        case turn::CLOCKWISE:
            return {f.y0, 1 - f.x1, f.y1, 1 - f.x0, f.score, pass};
        case turn::COUNTERCLOCKWISE:
            return {1 - f.y1, f.x0, 1 - f.y0, f.x1, f.score, pass};
        case turn::NONE:
            break;
        }
        return {f.x0, f.y0, f.x1, f.y1, f.score, pass};
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
                if (score < static_cast<float>(FLOOR_SCORE)) {
                    continue;
                }
                double cx = (column + static_cast<double>(b[0])) * stride / picture.width;
                double cy = (row + static_cast<double>(b[1])) * stride / picture.height;
                double w = std::exp(static_cast<double>(b[2])) * stride / picture.width;
                double h = std::exp(static_cast<double>(b[3])) * stride / picture.height;
                out.push_back({cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, 0});
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
            out.push_back({x0, y0, x0 + w, y0 + h, agreed / (agreed + 1), 0});
        }
    }
};

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
    uint32_t edge_px = 0;
    std::unique_ptr<finder> how;
};

namespace
{

enum status open_yunet(struct bytes model, enum face_search search, struct detector &d,
                       struct err *err)
{
    struct digest digest = {};
    enum status st = digest_of(model, &digest, err);
    if (st != STATUS_OK) {
        return st;
    }
    char hex[DIGEST_HEX_BYTES];
    if (std::string(digest_hex(&digest, hex)) != YUNET_SHA256) {
        return err_set(err, STATUS_FORMAT,
                       "not the known face model: its SHA-256 is %.12s..., expected %.12s...; "
                       "install it anew with scripts/fetch-face-model",
                       hex, YUNET_SHA256);
    }
    const struct search &how = search_for(search);
    std::string edges;
    for (int edge_px : how.edges_px) {
        edges += edges.empty() ? "" : edge_px == how.edges_px.back() ? " and " : ", ";
        edges += std::to_string(edge_px);
    }
    d.how = std::make_unique<yunet>(model, how);
    d.assurance = ASSURANCE_HIGH;
    d.edge_px = static_cast<uint32_t>(how.edges_px.back());
    d.description = "YuNet 2023mar (SHA-256 " + std::string(YUNET_SHA256).substr(0, 8) + "...), " +
                    how.name + ": at " + edges + " px";
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
    d.edge_px = CASCADE_DECODED_PX;
    d.description = "OpenCV's Haar cascades frontalface_alt2 and profileface at " +
                    std::to_string(CASCADE_EDGE_PX) + " px (a stand-in that misses many faces)";
    return STATUS_OK;
}

/* Once over a made picture, through every pass, so that whatever OpenCV does lazily (threads,
 * tables, plug-ins) is done before the process is confined. A strip, because passes enlarge it. */
void warm_up(finder &how)
{
    constexpr int LONG_PX = 1024, SHORT_PX = 256;
    /* Mostly black: a cascade spends a second on noise, and learns nothing more from it. */
    cv::Mat picture = cv::Mat::zeros(SHORT_PX, LONG_PX, CV_8UC3);
    cv::Mat corner = picture(cv::Rect(0, 0, SHORT_PX, SHORT_PX));
    cv::RNG(1).fill(corner, cv::RNG::UNIFORM, 0, 256);
    std::vector<finding> ignored;
    how.find(picture, ignored);
}

} // namespace

enum status detector_open(struct bytes model, const char *cascade_dir, enum face_search search,
                          struct detector **out, struct err *err)
{
    return guarded(err, [&] {
        quieten_opencv();
        auto d = std::make_unique<struct detector>();
        enum status st =
            model.n ? open_yunet(model, search, *d, err) : open_cascades(cascade_dir, *d, err);
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

uint32_t detector_edge_px(const struct detector *d)
{
    return d->edge_px;
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
        size_t n = findings_merge(all.data(), all.size());
        for (size_t i = 0; i < std::min(cap, n); i++) {
            faces[i] = to_face(all[i]);
        }
        *n_faces = n;
        return STATUS_OK;
    });
}
